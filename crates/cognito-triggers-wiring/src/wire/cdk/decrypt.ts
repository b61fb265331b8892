
    // The function may decrypt codes of this pool only. The policy names both, so it is one of its own.
    triggers.role?.attachInlinePolicy(new iam.Policy(this, '{id}MayDecrypt', {
      statements: [new iam.PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [codeKey.keyArn],
        conditions: { StringEquals: { 'kms:EncryptionContext:userpool-id': userPool.userPoolId } },
      })],
    }));
