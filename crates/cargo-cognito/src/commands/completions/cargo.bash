
# `cargo cognito …` is completed like `cargo-cognito …`; everything else is left to cargo's own completion.
_cargo_cognito_register() {
    local registered
    registered=$(complete -p cargo 2>/dev/null)
    if [[ $registered =~ -F[[:space:]]+([^[:space:]]+) && ${BASH_REMATCH[1]} != _cargo_cognito_or_cargo ]]; then
        _cargo_cognito_previous=${BASH_REMATCH[1]}
    fi
    # Before 4.4, bash doesn't know `nosort`.
    complete -F _cargo_cognito_or_cargo -o nosort -o bashdefault -o default cargo 2>/dev/null ||
        complete -F _cargo_cognito_or_cargo -o bashdefault -o default cargo
}

_cargo_cognito_or_cargo() {
    local at=1
    # `cargo +nightly cognito`
    [[ ${COMP_WORDS[1]} == +* ]] && at=2
    if (( COMP_CWORD > at )) && [[ ${COMP_WORDS[at]} == cognito ]]; then
        COMP_WORDS=(cargo-cognito "${COMP_WORDS[@]:at + 1}")
        (( COMP_CWORD -= at ))
        _cargo_cognito cargo-cognito "$2" "${COMP_WORDS[COMP_CWORD - 1]}"
        return
    fi
    # bash-completion loads cargo's own completion when it is first needed.
    if [[ -z $_cargo_cognito_previous ]] && declare -F _completion_loader >/dev/null; then
        complete -r cargo 2>/dev/null
        _completion_loader cargo >/dev/null 2>&1
        _cargo_cognito_register
    fi
    COMPREPLY=()
    if [[ -n $_cargo_cognito_previous ]] && declare -F "$_cargo_cognito_previous" >/dev/null; then
        "$_cargo_cognito_previous" "$@"
    fi
    if (( COMP_CWORD == at )) && [[ -n $2 && cognito == "$2"* && " ${COMPREPLY[*]} " != *" cognito "* ]]; then
        COMPREPLY+=(cognito)
    fi
}

_cargo_cognito_register
complete -F _cargo_cognito -o bashdefault -o default cargo-cognito
