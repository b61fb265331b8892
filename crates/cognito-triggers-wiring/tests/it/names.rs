//! Names that a template uses and doesn't have, in every place where a template can name something.

use crate::reports::{assert_found, findings, pool, report};

/// The findings about names, as paths below the template.
fn missing(text: &str) -> Vec<String> {
    let found = findings(&report(&[text], &[]));
    let paths = found
        .iter()
        .filter_map(|line| line.strip_prefix("error dangling-reference "));
    paths.map(str::to_owned).collect()
}

#[test]
fn a_hook_a_key_and_a_permission() {
    for arn in [
        "!GetAtt Trigers.Arn",
        "!Sub 'x${Trigers.Arn}'",
        "!Ref TriggersAlias",
        "!Join ['', [!GetAtt Triggers.Arn, ':', !Ref Alias]]",
        "!If [IsLive, !GetAtt Trigers.Arn, !GetAtt Triggers.Arn]",
        "!Sub ['${Function}:live', {Function: !GetAtt Trigers.Arn}]",
        "{'Fn::GetAtt': [Trigers, Arn]}",
    ] {
        let text = format!(
            "Conditions: {{IsLive: !Equals [a, a]}}\n{}",
            pool(&format!("{{PreSignUp: {arn}}}"))
        );
        let paths = missing(&text);
        assert_eq!(
            paths,
            ["Resources.UserPool.Properties.LambdaConfig.PreSignUp"],
            "{arn}"
        );
    }
    let sender = "{CustomEmailSender: {LambdaVersion: V1_0, LambdaArn: !GetAtt Sender.Arn}, KMSKeyID: !GetAtt CodeKey.Arn}";
    assert_eq!(
        missing(&pool(sender)),
        [
            "Resources.UserPool.Properties.LambdaConfig.CustomEmailSender.LambdaArn",
            "Resources.UserPool.Properties.LambdaConfig.KMSKeyID",
        ]
    );
    let permission = pool("{}").replace("FunctionName: !Ref Triggers", "FunctionName: !GetAtt Trigger.Arn");
    assert_found(
        &permission,
        &["error dangling-reference Resources.Permission.Properties.FunctionName"],
    );
    let source = "SourceArn: !Sub 'arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${Users}'";
    let permission = pool("{}").replace("SourceArn: !GetAtt UserPool.Arn", source);
    assert_eq!(
        missing(&permission),
        ["Resources.Permission.Properties.SourceArn"]
    );
}

/// A role, a policy, a key, code and everything else: CloudFormation refuses the whole template for one wrong name.
#[test]
fn every_other_resource() {
    let wiring = pool("{PreSignUp: !GetAtt Triggers.Arn}");
    for (from, to, path) in [
        (
            "Role: !GetAtt Role.Arn",
            "Role: !GetAtt Rolle.Arn",
            "Triggers.Properties.Role",
        ),
        (
            "Handler: bootstrap,",
            "Code: {S3Bucket: !Ref Bucket, S3Key: k},",
            "Triggers.Properties.Code.S3Bucket",
        ),
        (
            "Resource: !GetAtt Key.Arn",
            "Resource: [!GetAtt Key.Arn, !GetAtt Kee.Arn]",
            "Role.Properties.Policies[0].PolicyDocument.Statement[0].Resource[1]",
        ),
        (
            "Key: {Type: AWS::KMS::Key}",
            "Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: [{Principal: {AWS: !GetAtt Rolee.Arn}}]}}}",
            "Key.Properties.KeyPolicy.Statement[0].Principal.AWS",
        ),
        (
            "KeyAlias: {Type: AWS::KMS::Alias}",
            "KeyAlias: {Type: AWS::KMS::Alias, Properties: {TargetKeyId: !Sub '${CodeKey}'}}",
            "KeyAlias.Properties.TargetKeyId",
        ),
        ("  Key: {", "  Key: {DependsOn: [Role, Kee], ", "Key.DependsOn"),
        // A parameter is no resource.
        ("  Key: {", "  Key: {DependsOn: PoolArn, ", "Key.DependsOn"),
        ("  Key: {", "  Key: {Condition: IsLive, ", "Key.Condition"),
        (
            "Timeout: 5,",
            "Timeout: !If [IsLive, 5, 3],",
            "Triggers.Properties.Timeout",
        ),
        (
            "Timeout: 5,",
            "Timeout: !FindInMap [Seconds, live, triggers],",
            "Triggers.Properties.Timeout",
        ),
        (
            "Timeout: 5,",
            "Timeout: 5, Environment: {Variables: {A: !Select [0, !Split [',', !Ref Names]]}},",
            "Triggers.Properties.Environment.Variables.A",
        ),
    ] {
        assert!(wiring.contains(from), "{from}");
        let paths = missing(&wiring.replacen(from, to, 1));
        assert_eq!(paths, [format!("Resources.{path}")], "{to}");
    }
    assert_eq!(missing(&wiring), [""; 0]);
}

#[test]
fn conditions_outputs_and_events_of_sam() {
    let wiring = pool("{}");
    for (section, path) in [
        ("Outputs: {Id: {Value: !Ref Users}}", "Outputs.Id.Value"),
        (
            "Outputs: {Id: {Value: x, Condition: IsLive}}",
            "Outputs.Id.Condition",
        ),
        (
            "Outputs: {Id: {Value: x, Export: {Name: !Sub '${Stage}-id'}}}",
            "Outputs.Id.Export.Name",
        ),
        ("Conditions: {A: !Equals [!Ref Stage, live]}", "Conditions.A"),
        ("Conditions: {A: !Not [!Condition B]}", "Conditions.A"),
        (
            "Conditions: {A: !And [{Condition: B}, {Condition: B}]}",
            "Conditions.A",
        ),
    ] {
        let paths = missing(&format!("{wiring}{section}\n"));
        assert_eq!(paths.first().map(String::as_str), Some(path), "{section}");
    }
    let sam = |event: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nGlobals: {{Function: {{Timeout: 5}}}}\nResources:\n  UserPool: {{Type: AWS::Cognito::UserPool}}\n  \
             Triggers: {{Type: AWS::Serverless::Function, Properties: {{Runtime: provided.al2023, CodeUri: ., Events: {{SignUp: {event}}}}}}}\n"
        )
    };
    assert_found(
        &sam("{Type: Cognito, Properties: {UserPool: !Ref UserPol, Trigger: PreSignUp}}"),
        &["error dangling-reference Resources.Triggers.Properties.Events.SignUp.Properties.UserPool"],
    );
    let globals = sam("{Type: Cognito, Properties: {UserPool: !Ref UserPool, Trigger: PreSignUp}}")
        .replace("{Timeout: 5}", "{Timeout: !Ref Seconds}");
    assert_eq!(missing(&globals), ["Globals.Function.Timeout"]);
}

/// Names that exist, although the template doesn't write them.
#[test]
fn what_is_created_or_given_elsewhere_is_not_missing() {
    let sam = |arn: &str, alias: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  UserPool: {{Type: AWS::Cognito::UserPool, Properties: {{LambdaConfig: {{PreSignUp: {arn}}}}}}}\n  \
             Triggers: {{Type: AWS::Serverless::Function, Properties: {{Runtime: provided.al2023, CodeUri: ., {alias}Events: {{Api: {{Type: Api}}}}}}}}\n"
        )
    };
    let alias = "AutoPublishAlias: live-1, ";
    for (arn, alias) in [
        ("!Ref TriggersAliasliveD1", alias),
        ("!Ref Triggers.Alias", alias),
        ("!GetAtt TriggersRole.Arn", ""),
        ("!Ref Triggers.Version", alias),
        ("!Sub '${ServerlessRestApi}'", ""),
        ("!Ref TriggersApiPermissionProd", ""),
        (
            "!Ref TriggersAliaslive",
            "AutoPublishAlias: !Ref 'AWS::StackName', ",
        ),
    ] {
        assert_eq!(missing(&sam(arn, alias)), [""; 0], "{arn}");
    }
    // SAM creates none of these.
    for (arn, alias) in [
        ("!Ref TriggersAliaslive", ""),
        ("!Ref TriggersAliasprod", alias),
        ("!GetAtt TriggersFunction.Arn", ""),
    ] {
        let path = "Resources.UserPool.Properties.LambdaConfig.PreSignUp";
        assert_eq!(missing(&sam(arn, alias)), [path], "{arn}");
    }
    let plain = pool("{PreSignUp: !GetAtt ServerlessTriggers.Arn}");
    assert_eq!(missing(&plain).len(), 1, "the template has no resource of SAM");
    for text in [
        "Environment: {Variables: {A: !Sub '${!Nothing}', B: !Sub ['${X}', {X: 1}], C: !Ref AWS::Region}},",
        "Code: {ZipFile: 'echo ${HOME} {\"Ref\": \"x\"}'},",
        "Environment: {Variables: {A: !If [IsLive, !FindInMap [Names, a, b], !Ref 'AWS::NoValue']}},",
    ] {
        let given = "Conditions: {IsLive: !Equals [a, a]}\nMappings: {Names: {a: {b: c}}}\n";
        let text = format!("{given}{}", pool("{}").replacen("Timeout: 5,", text, 1));
        assert_eq!(missing(&text), [""; 0], "{text}");
    }
    for generated in [
        "Transform: Company::Macro\n",
        "Transform: [AWS::LanguageExtensions]\nOutputs: {'Fn::ForEach::Ids': [Name, [UserPool], {'Id${Name}': {Value: !Ref '${Name}'}}]}\n",
    ] {
        let text = format!("{generated}{}", pool("{PreSignUp: !GetAtt Trigers.Arn}"));
        assert_eq!(missing(&text), [""; 0], "{generated}");
    }
}

#[test]
fn a_near_name_is_suggested() {
    for (text, fix) in [
        (
            pool("{PreSignUp: !GetAtt Trigers.Arn}"),
            "did you mean `Triggers`?",
        ),
        (pool("{PreSignUp: !Ref PoolArm}"), "did you mean `PoolArn`?"),
        (
            pool("{}").replace("  Key: {", "  Key: {Condition: IsLiv, ")
                + "Conditions: {IsLive: !Equals [a, a]}\n",
            "did you mean `IsLive`?",
        ),
        (
            pool("{}").replace("  Key: {", "  Key: {DependsOn: Elsewhere, "),
            "name a resource of this template",
        ),
    ] {
        let report = report(&[&text], &[]);
        let mut found = report.findings.iter();
        let finding = found
            .find(|finding| finding.code == "dangling-reference")
            .unwrap();
        assert_eq!(finding.fix, fix);
    }
}

/// What a macro, a loop or a nested stack provides is reported. A hook or permission that it may have isn't called missing.
#[test]
fn what_is_provided_at_deployment_is_not_checked() {
    let wiring = pool("{PreSignUp: !GetAtt Triggers.Arn}");
    let hidden = |text: &str| {
        let found = findings(&report(&[text], &[]));
        let paths = found
            .iter()
            .filter_map(|line| line.strip_prefix("not checked not-visible "));
        paths.map(str::to_owned).collect::<Vec<_>>()
    };
    let stack = |parameters: &str| {
        format!(
            "{wiring}  Nested: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: u, Parameters: {parameters}}}}}\n"
        )
    };
    assert_eq!(
        hidden(&stack("{Function: !GetAtt Triggers.Arn}")),
        ["Resources.Nested"]
    );
    assert_eq!(hidden(&stack("{Pool: !Sub '${UserPool}'}")), ["Resources.Nested"]);
    assert_eq!(hidden(&stack("{Size: small, Key: !Ref Key}")), [""; 0]);
    let without = |text: &str| text.replace("cognito-idp.amazonaws.com", "s3.amazonaws.com");
    let missing = |text: &str| findings(&report(&[text], &[]));
    assert!(
        missing(&without(&wiring))
            .iter()
            .any(|line| line.starts_with("error permission-missing"))
    );
    assert!(
        missing(&without(&stack("{Function: !GetAtt Triggers.Arn}")))
            .iter()
            .all(|line| line.starts_with("not checked"))
    );
    assert_eq!(
        hidden("Resources: {Auth: {Type: AWS::Serverless::Application, Properties: {Location: auth.yaml}}}"),
        ["Resources.Auth"]
    );
    assert_eq!(
        hidden(&format!(
            "Transform: [AWS::Serverless-2016-10-31, Company::Macro]\n{wiring}"
        )),
        ["Transform"]
    );
    assert_eq!(
        hidden(&format!("Transform: AWS::LanguageExtensions\n{wiring}")),
        [""; 0]
    );
    let included = "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3}}, PreSignUp: !GetAtt Triggers.Arn}";
    assert_eq!(
        hidden(&pool(included)),
        ["Resources.UserPool.Properties.LambdaConfig.Fn::Transform"]
    );
    let function = wiring.replacen("Timeout: 5,", "'Fn::Transform': {Name: AWS::Include}, ", 1);
    assert_eq!(hidden(&function), ["Resources.Triggers.Properties.Fn::Transform"]);
}

/// A state machine in JSONata has such a member in each choice.
#[test]
fn a_condition_below_properties_is_any_text() {
    let machine = "  Machine:\n    Type: AWS::Serverless::StateMachine\n    Condition: IsLive\n    Properties:\n      Definition:\n        \
                   States: {Choose: {Type: Choice, Choices: [{Condition: '{% $states.input.a %}', Next: B}, {Condition: '{% true %}'}]}}\n";
    let text = pool("{PreSignUp: !GetAtt Triggers.Arn}") + machine;
    assert_eq!(missing(&text), ["Resources.Machine.Condition"]);
}
