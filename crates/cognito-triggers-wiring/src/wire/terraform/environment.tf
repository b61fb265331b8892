
  environment {
    variables = {
      COGNITO_KMS_KEY_ARN   = aws_kms_key.codes.arn
      COGNITO_USER_POOL_IDS = var.user_pool_id
    }
  }
