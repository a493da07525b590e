#!/usr/bin/env python3
"""Holds recorded requests and answers against the API's own description, by a validator that shares no code with it.

  traffic_check.py DESCRIPTION TRAFFIC [--all | --brief]

DESCRIPTION: OpenAPI 3.1 as the program answers it. TRAFFIC: one JSON object a line: method, path, status, type, request, response.
With --all every route that sends a command must have been accepted once; with --brief those that were not are only counted.
"""
import json
import re
import sys

import jsonschema


def pattern_of(path):
    return re.compile("/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/")) + "$")


class Description:
    def __init__(self, document):
        self.document = document
        self.routes = []
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                self.routes.append((method.upper(), path, pattern_of(path), operation))
        # What is literal comes before what is a name.
        self.routes.sort(key=lambda route: route[1].count("{"))
        self.checks = {}

    def find(self, method, path):
        for route in self.routes:
            if route[0] == method and route[2].match(path):
                return route
        return None

    def check(self, name, schema, value):
        if name not in self.checks:
            whole = dict(schema, components=self.document["components"])
            jsonschema.Draft202012Validator.check_schema(whole)
            self.checks[name] = jsonschema.Draft202012Validator(whole)
        return next(iter(self.checks[name].iter_errors(value)), None)


def schema_in(part):
    return part.get("content", {}).get("application/json", {}).get("schema")


def faults_of(description, one, route):
    method, path, _, operation = route
    name = f"{method} {path}"
    done = 200 <= one["status"] < 300
    body = schema_in(operation.get("requestBody", {}))
    if done and body is not None:
        fault = description.check(f"{name} asks", body, json.loads(one["request"]))
        if fault:
            yield f"{name} took what its description does not: {fault.message} at {list(fault.path)}"
    if not done and one["type"].startswith("application/problem+json"):
        fault = description.check("problem", {"$ref": "#/components/schemas/Problem"}, json.loads(one["response"]))
        if fault:
            yield f"{name} refused otherwise than described: {fault.message}"
    if not done or not one["type"].startswith("application/json"):
        return
    told = operation["responses"].get(str(one["status"]))
    if told is None:
        yield f"{name} answered {one['status']}, which its description does not know"
        return
    answer = schema_in(told)
    if answer is not None:
        fault = description.check(f"{name} {one['status']}", answer, json.loads(one["response"]))
        if fault:
            yield f"{name} answered otherwise than described: {fault.message} at {list(fault.path)}"


def main(arguments):
    with open(arguments[0], encoding="utf-8") as file:
        description = Description(json.load(file))
    faults = {}
    accepted = set()
    held = 0
    with open(arguments[1], encoding="utf-8") as file:
        for line in file:
            one = json.loads(line)
            route = description.find(one["method"], one["path"])
            if route is None:
                continue
            held += 1
            if 200 <= one["status"] < 300:
                accepted.add((route[0], route[1]))
            for fault in faults_of(description, one, route):
                faults.setdefault(fault, one)
    for fault, one in faults.items():
        print(f"{fault}\n  {one['request'][:200]}\n  {one['response'][:300]}")
    missed = [f"{method} {path}" for method, path, _, operation in description.routes
              if "x-command" in operation and (method, path) not in accepted]
    told = str(len(missed)) if "--brief" in arguments else ", ".join(missed) or "none"
    print(f"traffic: {held} requests held against the description, {len(faults)} otherwise; commands that none of them hit: {told}")
    return 1 if faults or held == 0 or ("--all" in arguments and missed) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
