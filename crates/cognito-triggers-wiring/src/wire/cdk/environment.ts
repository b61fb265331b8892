      environment: {
        COGNITO_KMS_KEY_ARN: codeKey.keyArn,
        COGNITO_USER_POOL_IDS: userPoolId.valueAsString,
      },
