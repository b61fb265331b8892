"""The commands of the pages that pages.py doesn't run, each with the reason. A command that is no longer on a page is an error."""

NOT_RUN = {
    "installs packages, which the requirements of the scripts name": [
        "pip install boto3 pytest",
        "pip install cargo-lambda",
        "npm install aws-amplify",
    ],
    "serves until it is interrupted; tests/pool and the tests of cargo-cognito start pools in the same way": [
        "cargo cognito pool template.yaml --bin every-trigger --bin send-codes --run-by every-trigger=EveryTrigger --run-by send-codes=SendCodes",
        "cargo cognito pool template.yaml --url http://localhost:9000",
        "cargo cognito pool template.yaml --bin my-function --watch",
        "cargo cognito pool template.yaml --bin my-function --host 0.0.0.0 --allow-host pool",
        "cargo cognito pool template.yaml --bin my-function",
        "cargo cognito pool pool.json client.json google.json orders.json domain.json --bin my-function --tls",
    ],
    "is for a terminal in which a pool of the reader's runs": [
        "export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=http://127.0.0.1:9229",
        "export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local",
        "export COGNITO_USER_POOL_ID=us-east-1_localpool COGNITO_CLIENT_ID=localclient",
        "chromium --user-data-dir=/tmp/profile --ignore-certificate-errors-spki-list=… http://localhost:3000",
    ],
    "is for a directory or a tool of the reader's": [
        "cargo cognito pool template.yaml --bin my-function --tls --tls-dir ~/.config/local-pool",
        "mkcert -cert-file ~/.config/local-pool/cert.pem -key-file ~/.config/local-pool/key.pem localhost 127.0.0.1 ::1",
    ],
    "builds a release of the reader's function; .ci/run builds every-trigger with cargo lambda and sam": [
        "cargo lambda build --release --package my-function --output-format zip",
        "sam build",
    ],
    "deploys to AWS": [
        "sam deploy --guided",
        "terraform apply",
        "npx cdk deploy",
        "npx serverless deploy",
        "aws cognito-idp update-user-pool --cli-input-json file://input.json",
        "aws lambda add-permission --function-name my-function --statement-id UserPoolMayCall --action lambda:InvokeFunction --principal cognito-idp.amazonaws.com --source-arn arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_Example --source-account 111122223333",
    ],
    "asks AWS": [
        "aws cognito-idp describe-user-pool --user-pool-id eu-central-1_Example > pool.json",
        "aws cognito-idp describe-user-pool --user-pool-id $POOL > pool.json",
        "aws cognito-idp describe-user-pool-client --user-pool-id $POOL --client-id $CLIENT > client.json",
        "aws cognito-idp describe-identity-provider --user-pool-id $POOL --provider-name Google > google.json",
        "aws cognito-idp describe-resource-server --user-pool-id $POOL --identifier orders > orders.json",
        "aws cognito-idp describe-user-pool-domain --domain people > domain.json",
    ],
    "is for what AWS said; the tests of cargo-cognito write the same from a description": [
        "cargo cognito wire --bin my-function --format update-user-pool --function-arn arn:aws:lambda:eu-central-1:111122223333:function:my-function --describe pool.json > input.json",
    ],
    "needs the Serverless Framework; tests/wiring/serverless.py packages the same file and checks it": [
        "npx serverless package",
        "cargo cognito check .serverless/cloudformation-template-update-stack.json --bin my-function --run-by my-function=TriggersLambdaFunction",
    ],
    "writes and runs a project of the reader's; tests/new/run.sh does it with a project for each route": [
        "cargo cognito new ../my-function --route pre_sign_up",
        "cargo cognito replay --review",
        "cargo cognito event PreSignUp_SignUp --set request.userAttributes.email='\"zoe@example.net\"' > cases/pre_sign_up/zoe.event.json",
        "cargo cognito check template.yaml",
        "cd ../my-function",
        "cargo cognito replay",
        "cargo cognito flow flows/*.flow.json",
        "cargo cognito pool template.yaml --code 123456 -- bash",
        "aws cognito-idp sign-up --client-id $COGNITO_CLIENT_ID --username ana --password Passw0rd! --user-attributes Name=email,Value=ana@example.com",
        "aws cognito-idp confirm-sign-up --client-id $COGNITO_CLIENT_ID --username ana --confirmation-code 123456",
        "aws cognito-idp initiate-auth --client-id $COGNITO_CLIENT_ID --auth-flow USER_PASSWORD_AUTH --auth-parameters USERNAME=ana,PASSWORD=Passw0rd!",
    ],
    "is a step of .ci/run": [
        "cargo test",
        "cargo test --package pool-aws-sdk",
        "cargo run -p cognito-triggers-scale",
        "cargo run -p cognito-triggers-scale -- --write",
    ],
}
