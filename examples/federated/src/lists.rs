//! Lists of values for each identity provider, as environment variables have them.

/// Reads a list like `Google=*; ExampleSaml=example.org, example.net`: the names of providers, each with its values.
///
/// # Errors
/// Names the entry that isn't like `example`, has a value that `is_value` refuses, or is the second one of a provider.
pub fn per_provider(
    variable: &str,
    example: &str,
    list: &str,
    is_value: impl Fn(&str) -> bool,
) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut providers: Vec<(String, Vec<String>)> = Vec::new();
    for entry in list.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        let wrong = || format!("{variable} has `{entry}`, which should be like {example}");
        let (name, values) = entry.split_once('=').ok_or_else(wrong)?;
        let name = name.trim();
        let values: Vec<_> = values.split(',').map(|value| value.trim().to_owned()).collect();
        if name.is_empty() || !values.iter().all(|value| is_value(value)) {
            return Err(wrong());
        }
        if providers
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            return Err(format!("{variable} has `{name}` twice"));
        }
        providers.push((name.to_owned(), values));
    }
    Ok(providers)
}
