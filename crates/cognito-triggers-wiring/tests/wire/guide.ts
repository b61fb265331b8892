import { CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export class MyFunctionStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const triggers = new lambda.Function(this, 'MyFunction', {
      // What `cargo lambda build --release` writes.
      code: lambda.Code.fromAsset('target/lambda/my-function'),
      handler: 'bootstrap',
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: lambda.Architecture.X86_64,
      memorySize: 256,
      timeout: Duration.seconds(5),
      loggingFormat: lambda.LoggingFormat.JSON,
    });

    // People sign up by themselves, as in a pool of CloudFormation. The construct alone refuses it.
    const userPool = new cognito.UserPool(this, 'UserPool', { selfSignUpEnabled: true });
    const pool = userPool.node.defaultChild as cognito.CfnUserPool;
    pool.addPropertyOverride('UserPoolTier', 'ESSENTIALS');
    pool.addPropertyOverride('LambdaConfig', {
      PreSignUp: triggers.functionArn,
      PreTokenGeneration: triggers.functionArn,
      PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: triggers.functionArn },
    });

    triggers.addPermission('UserPoolMayCall', {
      principal: new iam.ServicePrincipal('cognito-idp.amazonaws.com'),
      sourceArn: userPool.userPoolArn,
      sourceAccount: this.account,
    });
    new CfnOutput(this, 'UserPoolId', { value: userPool.userPoolId });
  }
}
