
# `cargo cognito …` is completed like `cargo-cognito …`; everything else is left to cargo's own completion.
_cargo_cognito_or_cargo() {
    local at=2
    # `cargo +nightly cognito`
    [[ $words[2] == +* ]] && at=3
    if (( CURRENT > at )) && [[ $words[at] == cognito ]]; then
        words=(cargo-cognito "${(@)words[at + 1,-1]}")
        (( CURRENT -= at - 1 ))
        local service=cargo-cognito
        _cargo-cognito
    elif [[ -n $_cargo_cognito_previous ]]; then
        $_cargo_cognito_previous "$@"
    elif (( CURRENT == at )); then
        compadd cognito
    else
        _files
    fi
}

if (( $+functions[compdef] )); then
    if [[ ${_comps[cargo]} != _cargo_cognito_or_cargo ]]; then
        typeset -g _cargo_cognito_previous=${_comps[cargo]}
    fi
    compdef _cargo_cognito_or_cargo cargo
fi
