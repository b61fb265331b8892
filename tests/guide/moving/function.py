from aws_lambda_powertools.utilities.data_classes import event_source
from aws_lambda_powertools.utilities.data_classes.cognito_user_pool_event import PreSignUpTriggerEvent


class Rejected(Exception):
    """An error whose text the person reads."""


@event_source(data_class=PreSignUpTriggerEvent)
def handler(event, context):
    if event.trigger_source != "PreSignUp_AdminCreateUser":
        email = event.request.user_attributes.get("email")
        if not email:
            raise Rejected("an email address is required")
        if not email.lower().endswith("@example.com"):
            raise Rejected("please sign up with your work address")
    return event.raw_event
