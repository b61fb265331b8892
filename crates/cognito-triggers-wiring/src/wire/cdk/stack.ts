import { CfnOutput, CfnParameter, Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
// {imports}
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export class {id}Stack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    // {key}
    const triggers = new lambda.Function(this, '{id}', {
      // What `cargo lambda build --release` writes.
      code: lambda.Code.fromAsset('target/lambda/{binary}'),
      handler: 'bootstrap',
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: lambda.Architecture.X86_64,
      memorySize: 256,
      timeout: Duration.seconds({timeout}),
      loggingFormat: lambda.LoggingFormat.JSON,
      // {environment}
    });

    // People sign up by themselves, as in a pool of CloudFormation. The construct alone refuses it.
    const userPool = new cognito.UserPool(this, 'UserPool', { selfSignUpEnabled: true });
    const pool = userPool.node.defaultChild as cognito.CfnUserPool;
    // {tier}
    pool.addPropertyOverride('LambdaConfig', {
      // {config}
    });

    triggers.addPermission('UserPoolMayCall', {
      principal: new iam.ServicePrincipal('cognito-idp.amazonaws.com'),
      sourceArn: userPool.userPoolArn,
      sourceAccount: this.account,
    });
    // {decrypt}
    new CfnOutput(this, 'UserPoolId', { value: userPool.userPoolId });
  }
}
