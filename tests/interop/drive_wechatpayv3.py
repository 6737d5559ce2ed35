"""Drives the PyPI client wechatpayv3 against the sandbox; started by wechatpayv3.test.mjs.

Reads two lines of JSON and answers each with one: a job {"credentials", "batch", "platform", "directory"} with what the
client saw, and a notification {"headers", "text"} with what the client read in it.

The client is unchanged: the host it keeps in one attribute of its transport is the only thing replaced.
"""

import json
import sys
import urllib.request

from wechatpayv3 import WeChatPay, WeChatPayType


def control(url, path, body):
    request = urllib.request.Request(f"{url}/_sandbox/{path}", json.dumps(body).encode())
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()


def connect(wechat, platform, directory):
    if platform == "public-key":
        key = next(key for key in wechat["platformKeys"] if "id" in key)
        options = {"public_key": key["publicKey"], "public_key_id": key["id"]}
    else:
        # With certificates it asks the provider's host before the attribute can be set, unless it finds one on disk.
        options = {"cert_dir": directory}
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=wechat["mchid"],
        private_key=wechat["privateKey"],
        cert_serial_no=wechat["serialNo"],
        apiv3_key=wechat["apiV3Key"],
        appid=wechat["appid"],
        notify_url=None,
        **options,
    )
    client._core._gate_way = wechat["baseUrl"]
    return client


def follow(client, url, batch):
    number = batch["out_batch_no"]
    seen = {}

    def record(name, reply):
        status, text = reply
        seen[name] = {"status": status, "body": json.loads(text)}
        return seen[name]["body"]

    created = record("created", client.transfer_batch(**batch))
    control(url, "advance", {"seconds": 60})
    wanted = {"need_query_detail": True, "detail_status": "ALL"}
    record("byNumber", client.transfer_query_out_batch_no(number, **wanted))
    record("byId", client.transfer_query_batchid(created["batch_id"], **wanted))
    detail_no = batch["transfer_detail_list"][1]["out_detail_no"]
    payment = record("payment", client.transfer_query_out_detail_no(detail_no, number))
    record("same", client.transfer_query_detail_id(created["batch_id"], payment["detail_id"]))
    seen["name"] = client.decrypt(payment["user_name"])

    control(url, "faults", {"kind": "bad-signature"})
    try:
        client.transfer_query_out_batch_no(number)
        seen["spoiled"] = "accepted"
    except Exception as error:
        seen["spoiled"] = str(error)
    return seen


def answer(value):
    print(json.dumps(value), flush=True)


job = json.loads(sys.stdin.readline())
wechat = job["credentials"]["wechat"]
client = connect(wechat, job["platform"], job["directory"])
answer(follow(client, job["credentials"]["url"], job["batch"]))
notification = json.loads(sys.stdin.readline())
answer(client.callback(notification["headers"], notification["text"]))
