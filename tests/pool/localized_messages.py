#!/usr/bin/env python3
"""Signs people up with boto3, at a pool of the template of examples/localized-messages, and reads their messages.

    cargo build -p cargo-cognito -p localized-messages
    venv/bin/python tests/pool/localized_messages.py

`COGNITO` may name the built command `cargo-cognito`. The function's binary is beside it.
"""

from example import start
from local_pool import versions

PASSWORD = "Sunny-Day-42"


def attributes(email, **more):
    return [{"Name": name, "Value": value} for name, value in {"email": email, **more}.items()]


def main():
    with start("localized-messages", PRODUCT="Harbor & Sons") as pool:
        client = pool.client()
        client_id = pool.user_pools[0]["clients"][0]["id"]

        def sign_up(email, metadata=None, **more):
            """Signs up, and returns the message and the user's id."""
            made = client.sign_up(
                ClientId=client_id,
                Username=email,
                Password=PASSWORD,
                UserAttributes=attributes(email, **more),
                ClientMetadata=metadata or {},
            )
            message = pool.messages(pool.pool_id)[-1]
            assert message["code"] in message["body"], message
            assert "{" not in message["body"] + message["subject"], message
            return message, made["UserSub"]

        message, _ = sign_up("ana@example.com", {"locale": "de-AT"}, locale="ja", name="Ana <b>Lindqvist")
        assert message["subject"] == "Bestätigen Sie Ihr Konto bei Harbor & Sons", message
        for part in ('<html lang="de" dir="ltr">', "Guten Tag Ana &lt;b&gt;Lindqvist,", "Harbor &amp; Sons lautet "):
            assert part in message["body"], message

        message, _ = sign_up("layla@example.com", locale="ar-EG", name="win at evil.example")
        assert '<html lang="ar" dir="rtl">' in message["body"] and "evil" not in message["body"], message

        message, user = sign_up("worf@example.com", locale="tlh")
        assert message["subject"] == "Confirm your account at Harbor & Sons", message
        client.confirm_sign_up(ClientId=client_id, Username=user, ConfirmationCode=message["code"])
        client.forgot_password(ClientId=client_id, Username=user, ClientMetadata={"locale": "pt"})
        message = pool.messages(pool.pool_id)[-1]
        assert message["subject"] == "Uma nova senha para o Harbor & Sons", message
        client.confirm_forgot_password(
            ClientId=client_id, Username=user, ConfirmationCode=message["code"], Password=PASSWORD + "!"
        )

        client.admin_create_user(
            UserPoolId=pool.pool_id,
            Username="kaito@example.com",
            UserAttributes=attributes("kaito@example.com", locale="ja"),
            DesiredDeliveryMediums=["EMAIL"],
        )
        message = pool.messages(pool.pool_id)[-1]
        assert message["subject"] == "Harbor & Sons への招待" and "仮パスワード" in message["body"], message
        assert "{" not in message["body"], message
    print(f"localized_messages: ok ({versions()})")


if __name__ == "__main__":
    main()
