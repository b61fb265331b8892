#!/usr/bin/env python3
"""Plays the console of the local user pool in Chromium and Firefox, while boto3 calls the API.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    CHROMIUM=chromium venv/bin/python tests/pool/console.py

Both browsers are driven over the protocols that they have built in. With SCREENSHOTS=DIRECTORY, pictures of the console are
written there. A browser that isn't on the path isn't played, and the last lines say so.
"""

import base64
import json
import os
import pathlib
import shutil
import socket
import threading
import time
import urllib.parse
import urllib.request

import boto3

from chromium import BusyError, Chromium
from firefox import Firefox
from local_pool import LocalPool

PASSWORD = "Passw0rd!"
FLOOD = 1000
# The longest task of the page's main thread, in processor time: the machines of CI are slow and share their cores.
LONGEST_TASK_MS = 200
HOSTILE = "<img src=x onerror=window.hacked=1>'\"</script><script>window.hacked=1</script>${window.hacked=1}{{1}}"
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:"


class Watched(Chromium):
    """A page whose requests, errors and violations of its policy are noted."""

    requests, problems, traced, is_traced = (), (), (), False

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BusyError(answer["error"]["message"])
                return answer["result"]
            self.note(answer)

    def note(self, event):
        kind, parameters = event.get("method"), event.get("params", {})
        if kind == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif kind == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(parameters["exceptionDetails"]))
        elif kind == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.problems.append(json.dumps(parameters["entry"]))

        elif kind == "Tracing.dataCollected":
            self.traced.extend(parameters["value"])
        elif kind == "Tracing.tracingComplete":
            self.is_traced = True

    def trace(self):
        self.traced, self.is_traced = [], False
        config = {"includedCategories": ["toplevel", "__metadata"], "excludedCategories": ["*"]}
        self.send("Tracing.start", transferMode="ReportEvents", traceConfig=config)

    def longest_task(self):
        """The longest task of a page's main thread since `trace`, in milliseconds of processor time."""
        self.send("Tracing.end")
        while not self.is_traced:
            self.note(json.loads(self.socket.recv()))
        main = {(e["pid"], e["tid"]) for e in self.traced if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"}
        tasks = [e["tdur"] / 1000 for e in self.traced if (e["pid"], e["tid"]) in main and "RunTask" in e["name"] and "tdur" in e]
        assert len(tasks) > 100, f"only {len(tasks)} tasks were traced"
        return max(tasks)

    def watch(self):
        self.requests, self.problems = [], []
        for domain in ("Network", "Runtime", "Log", "Page"):
            self.send(f"{domain}.enable")

    def value(self, expression):
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def until(self, expression, what=""):
        """Waits until an expression is true. An error counts as false: what it reads may not be there yet."""
        end = time.monotonic() + 20
        while not self.value(f"(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()"):
            assert time.monotonic() < end, f"{what or expression}: {self.value('document.body.innerText')[:3000]}"
            time.sleep(0.05)

    def key(self, key, text=None):
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38, "ArrowRight": 39, "End": 35, "Home": 36}
        common = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0].upper()))}
        if text:
            common["text"] = text
        self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **common)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text):
        self.send("Input.insertText", text=text)

    def click(self, selector, text=""):
        """Clicks the first element with a text."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})].find((e) => e.textContent.includes({json.dumps(text)}))"
        self.until(found, f"{selector} with {text!r}")
        self.value(f"{found}.click()")

    def choose(self, title):
        """Clicks the first row with a title."""
        found = f"[...document.querySelectorAll('.row')].find((e) => e.querySelector('.title').textContent === {json.dumps(title)})"
        self.until(found, f"a row {title!r}")
        self.value(f"{found}.click()")

    def picture(self, name):
        directory = os.environ.get("SCREENSHOTS")
        if directory:
            time.sleep(0.4)
            data = self.send("Page.captureScreenshot", format="png")["data"]
            pathlib.Path(directory, f"{name}.png").write_bytes(base64.b64decode(data))

    def clipboard(self):
        """The text that was copied last."""
        return self.value("navigator.clipboard.readText()")

    def resize(self, width, height, scheme, phone=False, motion="no-preference"):
        """Chooses the size of the window, light or dark, and whether things move."""
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion}]
        self.send("Emulation.setEmulatedMedia", features=features)
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone)


def create_pool(api):
    """A pool whose functions refuse, write messages, ask questions and add claims."""
    config = {name: ARN + name for name in ("PreSignUp", "CustomMessage", "PostConfirmation", "DefineAuthChallenge")}
    config |= {name: ARN + name for name in ("CreateAuthChallenge", "VerifyAuthChallengeResponse")}
    config["PreTokenGenerationConfig"] = {"LambdaVersion": "V2_0", "LambdaArn": ARN + "PreTokenGeneration"}
    pool = api.create_user_pool(PoolName="acme", AutoVerifiedAttributes=["email"], LambdaConfig=config)["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    client = api.create_user_pool_client(UserPoolId=pool, ClientName="web", ExplicitAuthFlows=flows)
    api.create_group(UserPoolId=pool, GroupName="admins", Description="May do everything", Precedence=1)
    return pool, client["UserPoolClient"]["ClientId"]


def sign_up(api, client, name, **more):
    attributes = [{"Name": "email", "Value": more.pop("email", f"{name}@example.com")}, *more.pop("attributes", [])]
    return api.sign_up(ClientId=client, Username=name, Password=PASSWORD, UserAttributes=attributes, **more)


def sign_in(api, client, name, password=PASSWORD):
    parameters = {"USERNAME": name, "PASSWORD": password}
    return api.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


def drill(pool, planned):
    """Makes something go wrong."""
    request = urllib.request.Request(f"{pool.endpoint}/_dev/fail", json.dumps(planned).encode(), method="POST")
    urllib.request.urlopen(request).close()


def fails(call, exception):
    try:
        call()
    except Exception as error:  # botocore makes its classes at run time.
        assert exception in str(error), error
        return
    raise AssertionError(f"{exception} was expected")


def watch_a_sign_up(pool, api, pool_id, client, page):
    """From the message to the token, live."""
    page.until("document.getElementById('live').dataset.state === 'live'")
    sign_up(api, client, "ana", ClientMetadata={"lang": "en", "inviteCode": "hidden-invitation"})
    page.until("document.querySelector('.detail h2')?.textContent === 'SignUp'")
    said = page.value("[...document.querySelectorAll('.step')].map((e) => e.innerText.replace(/\\s+/g, ' ').trim())")
    assert said == [
        "App to Cognito: SignUp", "PreSignUp_SignUp", "Function to Cognito: nothing to change", "CustomMessage_SignUp",
        "Function to Cognito: emailMessage, emailSubject, smsMessage", "Cognito to App: success: a code is on its way",
    ], said
    lines = "[...document.querySelectorAll('#trigger-1 {}')].map((e) => e.textContent.trim())"
    changed = page.value(lines.format(".changed"))
    assert len(changed) == 3 and '"emailSubject": "Welcome to Acme",' in changed, changed
    before = page.value(lines.format(".before"))
    assert len(before) == 3 and '"emailSubject": null,' in before, before
    assert page.value(lines.replace("trigger-1", "trigger-0").format(".changed")) == []
    assert "hidden-invitation" not in page.value("document.body.textContent")
    code = page.value("document.querySelector('.code output').textContent")
    assert code == pool.code_for("ana"), code
    page.picture("light")
    api.confirm_sign_up(ClientId=client, Username="ana", ConfirmationCode=code)
    page.until("document.querySelector('.detail h2')?.textContent === 'ConfirmSignUp'")
    sign_in(api, client, "ana")
    page.until("document.querySelector('.detail')?.innerText.includes('TokenGeneration_Authentication')")
    page.until("document.querySelector('.detail').innerText.includes('Switch on Secrets to see their claims')")
    page.click("#secrets")
    page.until("document.querySelector('.detail').innerText.includes('IdToken: claims')")
    assert PASSWORD not in page.value("document.body.textContent")
    assert '"tenant"' in page.value("document.querySelector('.detail').textContent")
    page.picture("tokens")
    page.click("#secrets")
    api.admin_add_user_to_group(UserPoolId=pool_id, Username="ana", GroupName="admins")
    fails(lambda: sign_in(api, client, "ana", "Wr0ng-password"), "NotAuthorizedException")
    page.until("document.querySelector('.detail .problem')?.innerText.includes('Incorrect username or password.')")
    fails(lambda: sign_up(api, client, "eve", ClientMetadata={"refuse": "You have no invitation"}), "no invitation")
    page.until("document.querySelector('.step.bad')?.innerText.includes('You have no invitation')")
    page.picture("refused")


def filter_and_copy(api, client, page):
    rows = "[...document.querySelectorAll('.row')].map((e) => e.querySelector('.title').textContent)"
    page.click("#failures")
    page.until(f"{rows}.join() === 'SignUp,InitiateAuth'")
    page.click("#failures")
    page.key("/")
    page.until("document.activeElement.id === 'search'")
    page.type("eve")
    page.until(f"{rows}.join() === 'SignUp'")
    page.key("Escape")
    page.until("document.getElementById('search').value === '' && document.activeElement.id === 'search'")
    page.key("Escape")
    page.until("document.activeElement.id === 'list'")

    # Arrow keys choose, Enter leads to the details, Escape back to the list.
    page.key("Home")
    page.until("document.querySelector('.row[aria-selected=true]')?.getAttribute('aria-posinset') === '1'")
    page.key("ArrowDown")
    page.until("document.querySelector('.row[aria-selected=true]')?.getAttribute('aria-posinset') === '2'")
    page.until("document.getElementById('list').getAttribute('aria-activedescendant') === document.querySelector('.row[aria-selected=true]').id")
    page.until("document.querySelector('.detail h2').textContent === 'InitiateAuth'")
    page.key("Enter")
    page.until("document.activeElement.id === 'detail'")
    page.key("Escape")
    page.until("document.activeElement.id === 'list'")
    page.value("document.querySelector('.skip').focus()")
    order = []
    for _ in range(8):
        page.key("Tab")
        order.append(page.value("document.activeElement.id"))
    assert order == ["pool", "search", "failures", "follow", "secrets", "drills", "tab-calls", "list"], order
    assert page.value("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is seen"
    page.value("document.getElementById('tab-calls').focus()")
    page.key("ArrowRight")
    page.until("document.activeElement.id === 'tab-messages' && document.activeElement.getAttribute('aria-selected') === 'true'")

    # Only the calls of one person.
    page.click("#tab-people")
    page.choose("ana")
    page.until("document.querySelector('.detail').innerText.includes('admins')")
    text = page.value("document.querySelector('.detail').innerText")
    assert "CONFIRMED" in text and "ana@example.com" in text and "verifier" not in text.lower(), text
    page.picture("person")
    page.click("button", "Show the calls of this person")
    page.until(f"{rows}.length === 5 && !{rows}.includes('CreateGroup')")

    # The sign-in as a flow, and an event as a case.
    page.choose("InitiateAuth")
    page.until("document.querySelector('.detail h2').textContent === 'InitiateAuth'")
    page.click("button", "Copy as a flow")
    page.until("document.querySelector('dialog[open] textarea')")
    flow = json.loads(page.value("document.querySelector('dialog textarea').value"))
    assert [call["call"] for call in flow["calls"]][:3] == ["SignUp", "ConfirmSignUp", "InitiateAuth"], flow
    assert flow["calls"][-1]["password"] == "wrong", flow
    page.picture("flow")
    page.value("navigator.clipboard.writeText('')")
    page.click("dialog button.main", "Copy")
    page.until("document.querySelector('dialog button.main').textContent === 'Copied'")
    assert json.loads(page.clipboard()) == flow, page.clipboard()
    page.key("Escape")
    page.until("!document.querySelector('dialog[open]')")
    page.choose("SignUp")
    page.until("document.querySelector('#trigger-1')")
    page.click("#trigger-1 button", "Copy as a case")
    case = json.loads(page.value("document.querySelector('dialog textarea').value"))
    assert case["triggerSource"] == "CustomMessage_SignUp" and case["request"]["clientMetadata"]["inviteCode"] == "***", case
    page.click("dialog button.main", "Copy")
    page.until("document.querySelector('dialog button.main').textContent === 'Copied'")
    assert json.loads(page.clipboard()) == case, page.clipboard()
    page.key("Escape")
    page.click("#person")
    page.choose("CreateGroup")
    page.until("document.querySelector('.detail h2').textContent === 'CreateGroup'")
    page.click("button", "Copy as a flow")
    page.until("document.querySelector('dialog[open]')?.innerText.includes(\"CreateGroup isn't\")")
    page.key("Escape")
    page.click("#tab-messages")
    page.choose("Welcome to Acme")
    page.until("document.querySelector('.mail .body')?.innerText.includes('See you soon')")
    page.picture("message")
    page.click("#tab-calls")


def shows_running_calls(pool, api, client, page):
    """A call whose function is slow is seen before it ends, and a drill after it."""
    rows = "[...document.querySelectorAll('.row')].map((e) => e.innerText)"
    drill(pool, {"trigger": "PreSignUp", "how": "slow", "ms": 4000})
    thread = threading.Thread(target=sign_up, args=(api, client, "sloe"))
    thread.start()
    page.until(f"{rows}[0].includes('waits for PreSignUp_SignUp') && {rows}[0].includes('sloe')")
    page.click(".row", "waits for PreSignUp_SignUp")
    page.until("document.querySelector('.detail .badge').textContent === '… Running' && document.querySelector('.detail').innerText.includes('waits for PreSignUp_SignUp')")
    page.picture("running")
    thread.join()
    page.until("document.querySelector('.detail').innerText.includes('The call has ended.')")
    page.until(f"!{rows}.some((row) => row.includes('waits for')) && {rows}[0].includes('sloe') && {rows}[0].includes('drill')")
    page.key("/")
    page.key("Escape")
    page.key("Home")
    page.until("document.querySelector('#trigger-0')?.innerText.includes('drill: PreSignUp: slow, 4000 ms')")
    page.picture("drill")


def plans_drills(api, client, page):
    """Drills are planned, seen and forgotten, with the keyboard alone."""
    waiting = "[...document.querySelectorAll('#drills-waiting li')].map((e) => e.textContent).join('|')"
    shown = "[...document.querySelectorAll('.row-of-form')].filter((e) => !e.hidden).map((e) => e.querySelector('label').textContent).join()"
    count = "document.getElementById('count-drills').textContent"

    def choose(field, value):
        page.value(f"(() => {{ const field = document.getElementById('drill-{field}'); field.value = {json.dumps(value)}; field.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()")
        assert page.value(f"document.getElementById('drill-{field}').value") == value, value

    def write(field, text):
        page.value(f"document.getElementById('drill-{field}').select()")
        page.type(text)

    page.value("document.getElementById('drills').focus()")
    page.key("Enter", "\r")
    page.until("document.querySelector('dialog[open] form') && document.activeElement.id === 'drill-kind'")
    page.until(f"{waiting} === 'No drill waits.' && document.getElementById('drills-clear').disabled")
    unlabeled = "[...document.querySelectorAll('dialog input, dialog select')].filter((e) => e.labels.length !== 1 || !e.labels[0].textContent).length"
    assert page.value(unlabeled) == 0
    choose("trigger", "PreSignUp")
    choose("how", "slow")
    assert page.value(shown) == "What goes wrong,Trigger,How,Milliseconds,Only for,Only in,How often", page.value(shown)
    choose("how", "error")
    assert page.value(shown) == "What goes wrong,Trigger,How,Text,Only for,Only in,How often", page.value(shown)
    assert page.value("document.querySelector('dialog form').checkValidity()") is False, "a text is needed"
    write("message", "no <b>invitation</b>")
    choose("source", "PreSignUp_SignUp")
    write("times", "2")
    page.key("Enter", "\r")
    page.until(f"{waiting} === 'PreSignUp: error · no <b>invitation</b> · only PreSignUp_SignUp · 2 times' && {count} === '1'")
    page.picture("drills-light")
    for name, size, scheme, phone in (("drills-dark", (1360, 900), "dark", False), ("drills-phone", (390, 844), "light", True)):
        page.resize(*size, scheme, phone)
        assert page.value("document.documentElement.scrollWidth") <= size[0], "it scrolls only down"
        page.picture(name)
    page.resize(1360, 900, "light")
    choose("kind", "operation")
    choose("failing", "SignUp")
    choose("exception", "LimitExceededException")
    assert page.value(shown) == "What goes wrong,Operation,Exception,Text,How often", page.value(shown)
    write("times", "1")
    page.value("document.querySelector('dialog form button[type=submit]').focus()")
    page.key("Enter", "\r")
    limit = "SignUp: LimitExceededException · Attempt limit exceeded, please try after some time."
    page.until(f"{waiting}.split('|')[1] === {json.dumps(limit)} && {count} === '2'")
    # What happens is seen in the open dialog too.
    fails(lambda: sign_up(api, client, "dan"), "LimitExceededException")
    fails(lambda: sign_up(api, client, "dan"), "UserLambdaValidationException")
    page.until(f"{count} === '1' && {waiting} === 'PreSignUp: error · no <b>invitation</b> · only PreSignUp_SignUp'")
    page.value("document.getElementById('drills-clear').focus()")
    page.key("Enter", "\r")
    page.until(f"{waiting} === 'No drill waits.' && {count} === '0'")
    page.key("Escape")
    page.until("!document.querySelector('dialog[open]') && document.activeElement.id === 'drills'")
    sign_up(api, client, "dan")


def says_how_it_is_known(api, pool_id, client, page):
    """The evidence for a trigger: measured, documented or inferred."""
    api.admin_reset_user_password(UserPoolId=pool_id, Username="ana")
    api.admin_create_user(UserPoolId=pool_id, Username="kim", MessageAction="SUPPRESS")
    sign_up(api, client, "fay")
    api.admin_confirm_sign_up(UserPoolId=pool_id, Username="fay")
    tokens = sign_in(api, client, "fay")["AuthenticationResult"]
    api.get_tokens_from_refresh_token(ClientId=client, RefreshToken=tokens["RefreshToken"])
    for operation, basis in (("AdminCreateUser", "measured"), ("AdminResetUserPassword", "documented"), ("GetTokensFromRefreshToken", "inferred")):
        page.choose(operation)
        page.until(f"document.querySelector('.detail h2')?.textContent === '{operation}'")
        page.until(f"[...document.querySelectorAll('.trigger .badge[title]')].some((e) => e.textContent === '{basis}')")


def moves_little(page):
    """Nothing moves for a reader who asked for that."""
    name = "getComputedStyle(document.querySelector('.live .dot')).animationName"
    scrolls = "(() => { let how; const scroll = Element.prototype.scrollIntoView; Element.prototype.scrollIntoView = (options) => { how = options.behavior; }; document.querySelector('.step button').click(); Element.prototype.scrollIntoView = scroll; return how; })()"
    found = {}
    for motion in ("no-preference", "reduce"):
        page.resize(1360, 900, "light", motion=motion)
        found[motion] = (page.value(name), page.value(scrolls))
    assert found == {"no-preference": ("breathe", "smooth"), "reduce": ("none", "auto")}, found
    page.resize(1360, 900, "light")


def is_harmless(api, pool_id, client, page):
    """Hostile values in every field stay texts."""
    page.click("#follow")
    api.create_group(UserPoolId=pool_id, GroupName="<script>window.hacked=1</script>", Description=HOSTILE)
    name = "<img/src=x/onerror=window.hacked=1>"
    email = {"email": "'\"<b>@example.com", "attributes": [{"Name": "name", "Value": HOSTILE}]}
    sign_up(api, client, name, ClientMetadata={HOSTILE[:60]: HOSTILE}, **email)
    page.until("document.querySelector('.detail').innerText.includes('onerror')")
    fails(lambda: sign_up(api, client, "mallory", ClientMetadata={"refuse": HOSTILE}), "PreSignUp failed")
    page.until("document.querySelector('.detail .problem')?.innerText.includes('</script>')")
    api.update_user_pool(UserPoolId=pool_id, AutoVerifiedAttributes=["email"], VerificationMessageTemplate={"EmailMessage": f"{HOSTILE} {{####}}", "EmailSubject": HOSTILE[:100]})
    api.resend_confirmation_code(ClientId=client, Username=name)
    fails(lambda: api.get_group(UserPoolId=pool_id, GroupName="<svg/onload=window.hacked=1>"), "ResourceNotFoundException")
    for tab, text in (("messages", "onerror"), ("people", "onerror"), ("calls", "GetGroup")):
        page.click(f"#tab-{tab}")
        page.click(".row", text)
        page.until(f"document.querySelector('.detail').innerText.includes({json.dumps(text)})")
        page.picture(f"hostile-{tab}")
    time.sleep(0.3)
    assert page.value("window.hacked") is None
    assert page.value("document.querySelectorAll('main img, main script, main b, main svg').length") == 0
    # Even a mistake in a script couldn't turn a text into HTML.
    refused = page.value("(() => { try { document.body.innerHTML = '<b>'; return false; } catch { return true; } })()")
    assert refused, "the policy has to refuse HTML from texts"


def flood(endpoint, calls, connections=8):
    """Calls ListUserPools over open connections, all at once: a client that waits for answers is slower than the pool. Returns the
    seconds until the last answer."""
    host = urllib.parse.urlsplit(endpoint)
    body = b'{"MaxResults":10}'
    head = f"POST / HTTP/1.1\r\nhost: {host.netloc}\r\nx-amz-target: AWSCognitoIdentityProviderService.ListUserPools\r\ncontent-length: {len(body)}\r\n\r\n"
    share = calls // connections
    open_ones = [socket.create_connection((host.hostname, host.port)) for _ in range(connections)]

    def work(connection):
        connection.sendall((head.encode() + body) * share)

    threads = [threading.Thread(target=work, args=(connection,)) for connection in open_ones]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for connection in open_ones:
        answers = b""
        while answers.count(b"HTTP/1.1 200") < share or not answers.endswith(b"}"):
            received = connection.recv(1 << 16)
            assert received, "the pool closed the connection"
            answers += received
        connection.close()
    for thread in threads:
        thread.join()
    return time.monotonic() - start


def stays_responsive(pool, page):
    """A thousand calls in about a second, measured with the browser's own trace of its main thread."""
    page.click("#tab-calls")
    before = page.value("Number(document.getElementById('count-calls').textContent)")
    page.trace()
    took = flood(pool.endpoint, FLOOD)
    page.until(f"document.getElementById('count-calls').textContent === '{min(before + FLOOD, 2000)}'")
    time.sleep(0.3)
    longest = page.longest_task()
    drawn = page.value("document.querySelectorAll('.row').length")
    assert longest < LONGEST_TASK_MS, longest
    assert drawn < 60, drawn
    page.key("Home")
    page.value("document.getElementById('list').focus()")
    page.key("End")
    page.until("document.querySelector('.row[aria-selected=true]')?.getAttribute('aria-posinset') === document.querySelector('.row').getAttribute('aria-setsize')")
    # Twice as much as is remembered.
    flood(pool.endpoint, 3 * FLOOD)
    page.until("document.getElementById('count-calls').textContent === '2000'")
    assert page.value("document.querySelectorAll('*').length") < 1500
    return f"{FLOOD} calls in {took:.1f} s, longest task of the page {longest:.0f} ms"


def forgets_at_a_reset(pool, api, client, page):
    """An answer that was on its way at a reset shows nothing, and hides no later message."""
    page.value(
        "window.held = []; window.holds = true; window.real = window.fetch; window.fetch = async (...all) => {"
        " const answer = await window.real(...all);"
        " if (window.holds && String(all[0]).startsWith('/_dev/messages')) await new Promise((go) => window.held.push(go));"
        " return answer; }; 0"
    )
    sign_up(api, client, "before")
    page.until("window.held.length > 0", "messages are asked for")
    urllib.request.urlopen(urllib.request.Request(f"{pool.endpoint}/_dev/reset", b"", method="POST")).close()
    page.until("document.getElementById('count-calls').textContent === '0'")
    page.value("window.holds = false; window.held.forEach((go) => go()); window.fetch = window.real; 0")
    pool_id, client = create_pool(api)
    sign_up(api, client, "after")
    page.click("#tab-messages")
    listed = "document.getElementById('list').innerText"
    page.until(f"{listed}.includes('after@example.com') && !{listed}.includes('before@')", "only the message after the reset")
    page.click("#tab-calls")
    return pool_id


def shows_the_token_of_a_client(api, pool_id, page):
    """The token has claims, and the secret that it was got with is hidden."""
    flows = ["ALLOW_CLIENT_TOKEN_AUTH"]
    machine = api.create_user_pool_client(UserPoolId=pool_id, ClientName="machine", GenerateSecret=True, ExplicitAuthFlows=flows)["UserPoolClient"]
    api.get_client_token(ClientId=machine["ClientId"], Secret=machine["ClientSecret"])
    page.choose("GetClientToken")
    page.until("document.querySelector('.detail').innerText.includes('Switch on Secrets to see their claims')")
    assert machine["ClientSecret"] not in page.value("document.body.textContent")
    page.click("#secrets")
    page.until("document.querySelector('.detail').innerText.includes('AccessToken: claims')")
    page.click("#secrets")


def play_chromium(pool, program):
    api = boto3.client("cognito-idp", **pool.settings)
    pool_id, client = create_pool(api)
    with Watched(program) as page:
        page.watch()
        page.resize(1360, 900, "light")
        page.open(f"{pool.endpoint}/")
        watch_a_sign_up(pool, api, pool_id, client, page)
        page.send("Browser.grantPermissions", origin=pool.endpoint, permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        page.send("Emulation.setFocusEmulationEnabled", enabled=True)
        filter_and_copy(api, client, page)
        shows_running_calls(pool, api, client, page)
        plans_drills(api, client, page)
        says_how_it_is_known(api, pool_id, client, page)
        moves_little(page)
        for name, size, scheme, phone in (("dark", (1360, 900), "dark", False), ("phone", (390, 844), "light", True), ("phone-dark", (390, 844), "dark", True)):
            page.resize(*size, scheme, phone)
            page.value("document.querySelector('#panel').classList.remove('open')")
            page.picture(f"{name}-list")
            page.choose("SignUp")
            page.until("document.querySelector('.detail h2')?.textContent === 'SignUp' && document.querySelector('#trigger-0')")
            page.picture(name)
            if phone:
                assert page.value("document.documentElement.scrollWidth") <= 390, "a phone scrolls only down"
                page.value("document.querySelector('#trigger-0').scrollIntoView()")
                page.picture(f"{name}-trigger")
                page.click("button", "Back to the list")
        page.resize(1360, 900, "light")
        is_harmless(api, pool_id, client, page)
        measured = stays_responsive(pool, page)
        shows_the_token_of_a_client(api, forgets_at_a_reset(pool, api, client, page), page)
        foreign = [url for url in page.requests if not url.startswith((pool.endpoint, "data:", "blob:"))]
        assert not foreign, foreign
        # The script tried innerHTML, which the policy refuses, and a flow of a call that can't be one.
        problems = [problem for problem in page.problems if "TrustedHTML" not in problem and "/flow" not in problem]
        assert not problems, problems
    return measured


def play_firefox(pool, program):
    api = boto3.client("cognito-idp", **pool.settings)
    _, client = create_pool(api)
    with Firefox(program) as page:
        page.open(f"{pool.endpoint}/")
        page.until("document.getElementById('live')?.dataset.state === 'live'")
        sign_up(api, client, "fia")
        page.until("document.querySelector('.detail h2')?.textContent === 'SignUp' && document.querySelector('.code output')")
        code = page.value("document.querySelector('.code output').textContent")
        api.confirm_sign_up(ClientId=client, Username="fia", ConfirmationCode=code)
        sign_in(api, client, "fia")
        page.until("document.querySelector('.detail')?.innerText.includes('TokenGeneration_Authentication')")
        rows = page.value("[...document.querySelectorAll('.row .title')].slice(0, 3).map((e) => e.textContent).join()")
        assert rows == "InitiateAuth,ConfirmSignUp,SignUp", rows
        directory = os.environ.get("SCREENSHOTS")
        if directory:
            pathlib.Path(directory, "firefox.png").write_bytes(page.picture())


def main():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    firefox = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if chromium is None:
        print("The console in Chromium: not played, because the browser isn't on the path")
    else:
        with LocalPool() as pool:
            print(f"The console in Chromium: a sign-up live, filters, copies, keyboard, drills, hostile values; {play_chromium(pool, chromium)}")
    if firefox is None:
        print("The console in Firefox: not played, because the browser isn't on the path")
    else:
        with LocalPool() as pool:
            play_firefox(pool, firefox)
            print("The console in Firefox: a sign-up live, from the message to the token")


main()
