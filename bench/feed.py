#!/usr/bin/env python3
"""Sends observations at a steady pace to a running server: every request has one value of each of many streams, at the moment of sending; once
in so many values, one is over the limit. Open loop: a late answer does not delay the next request, and latency counts from when it was due.
Prints one JSON object.

    bench/feed.py --port PORT --first STREAM [--streams 1000] [--rate 10000] [--seconds 60] [--over 10000]
"""
import argparse
import datetime
import http.client
import json
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--first", type=int, required=True)
parser.add_argument("--streams", type=int, default=1000)
parser.add_argument("--rate", type=int, default=10000)
parser.add_argument("--seconds", type=int, default=60)
parser.add_argument("--over", type=int, default=10000)
parser.add_argument("--login", default="admin")
parser.add_argument("--password", default="qipan-demo")
options = parser.parse_args()


def log_in():
    connection = http.client.HTTPConnection("127.0.0.1", options.port)
    body = json.dumps({"login": options.login, "password": options.password})
    connection.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    csrf = json.loads(answer.read())["csrf"]
    return {"Cookie": answer.getheader("Set-Cookie").split(";")[0], "X-CSRF-Token": csrf, "Content-Type": "application/json"}


headers = log_in()
interval = options.streams / options.rate
begin = time.monotonic()
total = int(options.seconds / interval)
taken = 0
latencies, refusals = [], []
lock = threading.Lock()


def body_of(number):
    moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    every = max(1, options.over // options.streams)
    # Which stream is over moves on, so that each time it is another's alarm.
    over = number // every % options.streams if number % every == 0 else -1
    groups = []
    for index in range(options.streams):
        value = 230 if index == over else 30 + (number + index) % 50
        groups.append('{"Datastream":{"@iot.id":%d},"components":["phenomenonTime","result"],"dataArray":[["%s",%d]]}'
                      % (options.first + index, moment, value))
    return "[" + ",".join(groups) + "]"


def send():
    global taken
    connection = http.client.HTTPConnection("127.0.0.1", options.port)
    while True:
        with lock:
            number, taken = taken, taken + 1
        if number >= total:
            return
        due = begin + number * interval
        time.sleep(max(0, due - time.monotonic()))
        connection.request("POST", "/api/v1/observations", body_of(number), headers)
        answer = connection.getresponse()
        text = answer.read()
        with lock:
            latencies.append(time.monotonic() - due)
            if answer.status != 201:
                refusals.append(text.decode()[:200])


threads = [threading.Thread(target=send) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
latencies.sort()
print(json.dumps({
    "observations": total * options.streams, "observations_a_second": int(total * options.streams / (time.monotonic() - begin)),
    "p50_ms": round(1000 * latencies[len(latencies) // 2], 1), "p99_ms": round(1000 * latencies[len(latencies) * 99 // 100], 1),
    "refused": len(refusals), "first_refusal": refusals[0] if refusals else "",
}))
