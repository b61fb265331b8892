//! Sources that are broken, unusual or hostile.

use cognito_triggers_wiring::{Binary, Source, Wiring};

const TEMPLATE: &str = include_str!("../../../../template.yaml");
const DESCRIPTION: &str = include_str!("../faults/descriptions/1-pool.json");

fn error(text: &str) -> String {
    Wiring::read([Source::new("file", text)]).unwrap_err().to_string()
}

/// The codes and locations of what is found.
fn locations(text: &str) -> Vec<String> {
    let report = Wiring::read([Source::new("file", text)]).unwrap().check(&[]);
    report
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.location))
        .collect()
}

#[test]
fn errors_name_the_location() {
    assert_eq!(error(""), "file: the file is empty");
    assert!(
        error("Resources: [a").starts_with("file:"),
        "{}",
        error("Resources: [a")
    );
    assert_eq!(
        error("Resources: x"),
        "file:1:1: `Resources` is a string, but has to be an object of resources"
    );
    assert!(
        error("{\"a\": 1,}").starts_with("file:1:9: not JSON"),
        "{}",
        error("{\"a\": 1,}")
    );
    assert!(error("a: 1").contains("expected a CloudFormation or SAM template"));
    assert!(error("[1, 2]").contains("expected a CloudFormation or SAM template"));
    assert!(error(r#"{"Policy": "{\"Statement\": "}"#).starts_with("the document in `Policy` of file:1:"));
}

/// If one of these were read as a description, it would be a pool without hooks.
#[test]
fn sources_of_frameworks_name_what_to_read_instead() {
    let named = |name: &str, text: &str| Wiring::read([Source::new(name, text)]).unwrap_err().to_string();
    let hcl =
        "resource \"aws_cognito_user_pool\" \"users\" {\n  lambda_config { pre_sign_up = \"arn\" }\n}\n";
    for name in ["main.tf", "infra/cognito.tf", "pool.tf.json"] {
        assert!(
            named(name, hcl).contains("`terraform show -json`"),
            "{}",
            named(name, hcl)
        );
    }
    for name in ["lib/stack.ts", "stack.py"] {
        assert!(named(name, "new UserPool(this, 'Pool')").contains("`cdk synth`"));
    }
    for fragment in [
        "UserPool:\n  Type: AWS::Cognito::UserPool\n  Properties: {LambdaConfig: {PreSignUp: !GetAtt XLambdaFunction.Arn}}\n",
        "{\"Pool\": {\"Type\": \"AWS::Cognito::UserPool\"}}",
        "Hooks: {Type: Custom::CognitoUserPool}\nUserPool: {Type: AWS::Cognito::UserPool}\n",
    ] {
        assert!(
            error(fragment).contains("aren't below `Resources`"),
            "{}",
            error(fragment)
        );
    }
    for configuration in [
        "service: people\nprovider: {name: aws}\nresources: {Resources: {P: {Type: AWS::Cognito::UserPool}}}\n",
        "{\"service\": \"people\", \"functions\": {\"signUp\": {\"handler\": \"bootstrap\"}}}",
    ] {
        assert!(
            error(configuration).contains("`serverless package`"),
            "{}",
            error(configuration)
        );
    }
}

#[test]
fn depth_and_size_are_limited() {
    let deep = "[".repeat(5_000);
    assert!(error(&format!("a: {deep}")).starts_with("file:1:"));
    assert!(error(&format!("{{\"a\": {deep}{}}}", "]".repeat(5_000))).contains("nested deeper"));
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let names = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{names}]\n"));
    }
    assert!(error(&laughs).contains("more than 500000 values"));
    assert!(error("a: &a [*a]").starts_with("file:1:"));
}

#[test]
fn the_same_in_every_spelling() {
    let long = "Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      LambdaConfig:\n        PreSignUp:\n          ";
    let rest = "\n  F:\n    Type: AWS::Lambda::Function\n";
    for arn in [
        "Fn::GetAtt: [F, Arn]",
        "Fn::GetAtt: F.Arn",
        "!GetAtt F.Arn",
        "!Sub '${F.Arn}'",
        "!Join ['', [!GetAtt F.Arn]]",
    ] {
        assert_eq!(
            locations(&format!("{long}{arn}{rest}")),
            ["permission-missing file:6:9"],
            "{arn}"
        );
    }
    let bom = format!("\u{feff}{}", DESCRIPTION);
    assert!(!locations(&bom).is_empty());
    let windows = TEMPLATE.replace('\n', "\r\n");
    assert_eq!(locations(&windows), [""; 0]);
}

#[test]
fn anchors_are_followed() {
    let text = "Arn: &arn !GetAtt F.Arn\nResources:\n  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      LambdaConfig:\n        PreSignUp: *arn\n  F:\n    Type: AWS::Lambda::Function\n";
    assert_eq!(locations(text), ["permission-missing file:7:9"]);
}

#[test]
fn nothing_panics() {
    let binaries = [Binary::new("every-trigger", ["pre_sign_up"])];
    let texts = [
        TEMPLATE,
        DESCRIPTION,
        include_str!("../faults/hook-not-routed-json/template.json"),
    ];
    for text in texts {
        for cut in (0..text.len())
            .step_by(61)
            .filter(|cut| text.is_char_boundary(*cut))
        {
            let (before, after) = text.split_at(cut);
            let dropped: String = after.chars().skip(1).collect();
            for changed in [
                before,
                after,
                &format!("{before}{dropped}"),
                &format!("{before}[{after}"),
                &format!("{before}\t: {after}"),
            ] {
                if let Ok(wiring) = Wiring::read([Source::new("file", changed)]) {
                    let report = wiring.check(&binaries);
                    assert!(report.to_string().ends_with("not checked\n"));
                }
            }
        }
    }
}

const SECRET: &str = "
Parameters:
  Db: {Type: String, Default: db}
  Stored: {Type: String, Default: '{{resolve:ssm:name}}'}
Resources:
  Pool: {Type: 'AWS::Cognito::UserPool', Properties: {LambdaConfig: {PreSignUp: !GetAtt SignUp.Arn}}}
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Environment:
        Variables:
          OTHER: !Ref Db
          SECRET: VALUE
";

// What it refers to is often a secret, which only the deployment puts in its place.
#[test]
fn a_dynamic_reference_is_not_a_value() {
    let values = [
        "'{{resolve:secretsmanager:db}}'",
        "!Sub '{{resolve:secretsmanager:${Db}}}'",
        "!Sub 'a-{{resolve:secretsmanager:${Db}}}-${Db}'",
        "!Sub ['${Start}:${Db}}}', {Start: '{{resolve:ssm'}]",
        "!Join ['', ['{{resolve:ssm:', !Ref Db, '}}']]",
        "!Join [':', ['{{resolve', ssm, 'name}}']]",
        "!Ref Stored",
    ];
    for value in values {
        let text = SECRET.replace("VALUE", value);
        let wiring = Wiring::read([Source::new("template.yaml", &text)]).unwrap();
        let variables = &wiring.variables_of_each_function()["SignUp"];
        assert_eq!(variables["OTHER"].as_deref(), Some("db"), "{text}");
        assert_eq!(variables["SECRET"], None, "{text}");
    }
}
