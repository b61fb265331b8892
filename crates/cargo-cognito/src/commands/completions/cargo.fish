
# `cargo cognito …` is completed like `cargo-cognito …`; everything else is left to cargo's own completion.
function __cargo_cognito_is_typed
    set -l words (commandline -opc)
    set -e words[1]
    # `cargo +nightly cognito`
    string match -q -- '+*' "$words[1]"; and set -e words[1]
    test "$words[1]" = cognito
end

function __cargo_cognito_complete
    set -l words (commandline -opc)
    set -e words[1]
    string match -q -- '+*' "$words[1]"; and set -e words[1]
    set words[1] cargo-cognito
    complete -C (string join ' ' -- (string escape -- $words))' '(commandline -ct)
end

complete -c cargo -n __fish_use_subcommand -f -a cognito -d 'Try the Lambda triggers of an Amazon Cognito user pool'
complete -c cargo -n __cargo_cognito_is_typed -f -a '(__cargo_cognito_complete)'
