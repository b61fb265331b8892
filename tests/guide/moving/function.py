from aws_lambda_powertools.utilities.data_classes import event_source
from aws_lambda_powertools.utilities.data_classes.cognito_user_pool_event import PreSignUpTriggerEvent


class Rejected(Exception):
    """A rejection: a replay compares the text of an error of this name. Cognito shows the text of every error."""


@event_source(data_class=PreSignUpTriggerEvent)
def handler(event, context):
    if event.trigger_source != "PreSignUp_AdminCreateUser":
        attributes = event.request.user_attributes
        email = attributes.get("email")
        if not email:
            raise Rejected("an email address is required")
        if not email.lower().endswith("@example.com"):
            raise Rejected("please sign up with your work address")
        if event.trigger_source == "PreSignUp_ExternalProvider" and attributes.get("email_verified") != "true":
            raise Rejected("your identity provider hasn't verified this address")
    return event.raw_event
