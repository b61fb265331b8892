terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_iam_role" "my_function" {
  name_prefix = "my-function"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "my_function_logs" {
  role       = aws_iam_role.my_function.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

# The file is what `cargo lambda build --release --output-format zip` writes.
resource "aws_lambda_function" "my_function" {
  function_name    = "my-function"
  role             = aws_iam_role.my_function.arn
  filename         = "target/lambda/my-function/bootstrap.zip"
  source_code_hash = filebase64sha256("target/lambda/my-function/bootstrap.zip")
  handler          = "bootstrap"
  runtime          = "provided.al2023"
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = 5

  logging_config {
    log_format = "JSON"
  }
}

resource "aws_lambda_permission" "my_function" {
  statement_id   = "cognito"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.my_function.function_name
  principal      = "cognito-idp.amazonaws.com"
  source_arn     = aws_cognito_user_pool.users.arn
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_cognito_user_pool" "users" {
  name           = "my-function"
  user_pool_tier = "ESSENTIALS"

  lambda_config {
    pre_sign_up          = aws_lambda_function.my_function.arn
    pre_token_generation = aws_lambda_function.my_function.arn

    pre_token_generation_config {
      lambda_version = "V2_0"
      lambda_arn     = aws_lambda_function.my_function.arn
    }
  }
}
