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

resource "aws_iam_role" "{id}" {
  name_prefix = {prefix}
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "{id}_logs" {
  role       = aws_iam_role.{id}.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

# The file is what `cargo lambda build --release --output-format zip` writes.
resource "aws_lambda_function" "{id}" {
  function_name    = {name}
  role             = aws_iam_role.{id}.arn
  filename         = {zip}
  source_code_hash = filebase64sha256({zip})
  handler          = "bootstrap"
  runtime          = "provided.al2023"
  architectures    = ["x86_64"]
  memory_size      = 256
  timeout          = {timeout}

  logging_config {
    log_format = "JSON"
  }
{environment}}

resource "aws_lambda_permission" "{id}" {
  statement_id   = "cognito"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.{id}.function_name
  principal      = "cognito-idp.amazonaws.com"
  source_arn     = aws_cognito_user_pool.users.arn
  source_account = data.aws_caller_identity.current.account_id
}
