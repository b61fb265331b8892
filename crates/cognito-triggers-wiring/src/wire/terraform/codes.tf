
# The pool needs the function, so the environment of the function can't name the pool: after the first apply, write the
# output `user_pool_id` into `terraform.tfvars` as `user_pool_id = "..."`, and apply again. Until then no code is opened.
# Terraform doesn't remember a value from `-var`: an apply without it sets the default again, and no code is opened any more.
variable "user_pool_id" {
  type    = string
  default = "us-east-1_None"
}

output "user_pool_id" {
  value = aws_cognito_user_pool.users.id
}

data "aws_region" "current" {}

# The function may decrypt codes of this pool only.
resource "aws_iam_role_policy" "{id}_codes" {
  name = "decrypt-codes"
  role = aws_iam_role.{id}.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = aws_kms_key.codes.arn
      Condition = { StringEquals = { "kms:EncryptionContext:userpool-id" = aws_cognito_user_pool.users.id } }
    }]
  })
}

# Encrypts the codes that Cognito hands to the custom senders.
resource "aws_kms_key" "codes" {
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Administer"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        # Whoever creates or changes the pool creates the grant with which Cognito encrypts.
        Sid       = "GrantByWhoeverDeploys"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = ["kms:CreateGrant", "kms:DescribeKey"]
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:CallerAccount" = data.aws_caller_identity.current.account_id
            "kms:ViaService"    = "cognito-idp.${data.aws_region.current.region}.amazonaws.com"
          }
        }
      },
      {
        Sid       = "GrantByCognito"
        Effect    = "Allow"
        Principal = { Service = "cognito-idp.amazonaws.com" }
        Action    = "kms:CreateGrant"
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike = {
            "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:cognito-idp:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:userpool/*"
          }
        }
      },
    ]
  })
}
