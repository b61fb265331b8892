    // The pool needs the function, so the environment of the function can't name the pool: after the first deployment,
    // set this to the output UserPoolId, and deploy again. Until then no code is decrypted.
    const userPoolId = new CfnParameter(this, 'CodesOfUserPool', { default: 'us-east-1_None' });

    // Encrypts the codes that Cognito hands to the custom senders.
    const codeKey = new kms.Key(this, 'CodeKey', { enableKeyRotation: true });
    codeKey.addToResourcePolicy(new iam.PolicyStatement({
      // Whoever creates or changes the pool creates the grant with which Cognito encrypts.
      sid: 'GrantByWhoeverDeploys',
      principals: [new iam.AnyPrincipal()],
      actions: ['kms:CreateGrant', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        StringEquals: {
          'kms:CallerAccount': this.account,
          'kms:ViaService': `cognito-idp.${this.region}.amazonaws.com`,
        },
      },
    }));
    codeKey.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'GrantByCognito',
      principals: [new iam.ServicePrincipal('cognito-idp.amazonaws.com')],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'aws:SourceAccount': this.account },
        ArnLike: { 'aws:SourceArn': this.formatArn({ service: 'cognito-idp', resource: 'userpool', resourceName: '*' }) },
      },
    }));

