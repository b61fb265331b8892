#!/usr/bin/env python3
"""A function for a custom challenge and a claim, in Python."""

import python_function

SECRET_WORD = "ultramarine"


def answer(event):
    source, request, response = event["triggerSource"], event["request"], event["response"]
    if source.startswith("DefineAuthChallenge"):
        last = request["session"][-1] if request["session"] else {"challengeResult": False}
        response["issueTokens"] = last["challengeResult"]
        response["failAuthentication"] = len(request["session"]) > 2
        if not last["challengeResult"]:
            response["challengeName"] = "CUSTOM_CHALLENGE"
    if source.startswith("CreateAuthChallenge"):
        response["publicChallengeParameters"] = {"hint": "a color"}
        response["privateChallengeParameters"] = {"word": SECRET_WORD}
    if source.startswith("VerifyAuthChallenge"):
        response["answerCorrect"] = request["challengeAnswer"] == request["privateChallengeParameters"]["word"]
    if source.startswith("CustomMessage"):
        response["emailMessage"] = f"Hello, {request['codeParameter']}"
    if source.startswith("TokenGeneration"):
        response["claimsOverrideDetails"] = {"claimsToAddOrOverride": {"tenant": "acme"}}
    return event


if __name__ == "__main__":
    python_function.main(answer)
