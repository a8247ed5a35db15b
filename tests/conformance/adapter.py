#!/usr/bin/env python3
"""Adapter between the upstream conformance suite's harness and the command `gatewayapi`.

    adapter.py [--image] PATH-OF-GATEWAYAPI

Reads one JSON request a line and answers each with one line. A `load` carries the whole set of
objects; statuses come from `gatewayapi status`, and one `gatewayapi match --requests -` process
answers the requests until the next load: from the objects, or with --image from a file that
`gatewayapi compile` wrote before, which it maps. Handshakes with backends are made by `gatewayapi tls
--connect`. See README.md beside this file.
"""
import datetime
import json
import os
import subprocess
import sys
import tempfile

CONTROLLER = "example.com/libgatewayapi"


class Command:
    """The command over one set of objects."""

    def __init__(self, program, by_image):
        self.program = program
        self.by_image = by_image
        self.folder = tempfile.TemporaryDirectory()
        self.objects = os.path.join(self.folder.name, "objects.json")
        self.options = []
        self.gateways = {}  # by assigned address
        self.matcher = None

    def load(self, message):
        self.stop()
        resources = [dict(o) for o in message.get("resources") or []]
        addresses = message.get("gateway_addresses") or {}
        self.gateways = {address: name for name, address in addresses.items()}
        with open(self.objects, "w", encoding="utf-8") as f:
            json.dump({"apiVersion": "v1", "kind": "List", "items": resources}, f)
        self.options = ["--channel", "experimental", "--stored",
                        "--controller", message.get("controller_name") or CONTROLLER]
        for address in list(addresses.values()) + [a["value"] for a in message.get("usable_addresses") or []]:
            self.options += ["--usable-address", address]
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        run = subprocess.run([self.program, "status", "--output", "json", "--now", now, *self.options, self.objects],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if run.returncode not in (0, 1):
            return {"error": f"status ended with {run.returncode}: {run.stderr.decode(errors='replace')[-500:]}"}
        resolved = json.loads(run.stdout)["items"]
        return {"resources": [status_of(o) for o in resolved if o.get("status")],
                "generated": [generated(o) for o in resources if o["kind"] == "Gateway"]}

    def source(self):
        """What the matcher reads: the objects, or the image of another process."""
        if not self.by_image:
            return [*self.options, self.objects]
        image = os.path.join(self.folder.name, "image")
        run = subprocess.run([self.program, "compile", "--quiet", "-o", image, *self.options, self.objects],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if run.returncode not in (0, 1):
            raise RuntimeError(f"compile ended with {run.returncode}: {run.stderr.decode(errors='replace')[-500:]}")
        return ["--snapshot", image]

    def ask(self, line):
        if self.matcher is None:
            self.matcher = subprocess.Popen(
                [self.program, "match", "--requests", "-", "--output", "json", *self.source()],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.matcher.stdin.write(json.dumps(line).encode() + b"\n")
        self.matcher.stdin.flush()
        answer = self.matcher.stdout.readline()
        if not answer:
            self.matcher = None
            return {"error": "match ended"}
        return json.loads(answer)

    def shake_hands(self, message):
        """The handshake with a backend that serves TLS at an address, as its policy and Gateway say."""
        backend = message["backend"]
        gateway = message.get("gateway")
        name = f"{gateway['namespace']}/{gateway['name']}" if gateway else self.gateways.get(message["gateway_address"])
        run = subprocess.run([self.program, "tls", "--output", "json", *self.options, "--gateway", name,
                              "--connect", message["address"],
                              "backend", f"{backend['namespace']}/{backend['service']}:{backend['port']}", self.objects],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if run.returncode not in (0, 1) or not run.stdout:
            return {"error": f"tls ended with {run.returncode}: {run.stderr.decode(errors='replace')[-500:]}"}
        told = json.loads(run.stdout)
        made = told.get("connection") or {"failure": told.get("message", "")}
        return {"done": made.get("done", False), "failure": made.get("failure", "")}

    def stop(self):
        if self.matcher is not None:
            self.matcher.stdin.close()
            self.matcher.wait()
            self.matcher = None


def status_of(o):
    """The harness fills in the assigned address of a Gateway that asks for none."""
    status = dict(o["status"])
    if o["kind"] == "Gateway" and not status.get("addresses"):
        if not any(a.get("value") for a in o["spec"].get("addresses") or []):
            status.pop("addresses", None)
    meta = {k: o["metadata"][k] for k in ("namespace", "name") if k in o["metadata"]}
    return {"apiVersion": o["apiVersion"], "kind": o["kind"], "metadata": meta, "status": status}


def generated(gateway):
    """What an implementation makes for a Gateway, with the labels it has to carry on."""
    infrastructure = gateway["spec"].get("infrastructure") or {}
    labels = dict(infrastructure.get("labels") or {})
    labels["gateway.networking.k8s.io/gateway-name"] = gateway["metadata"]["name"]
    return {"apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": {"namespace": gateway["metadata"]["namespace"], "name": gateway["metadata"]["name"],
                         "labels": labels, "annotations": infrastructure.get("annotations") or {}}}


def request_line(message, gateways):
    line = {"id": 1, "port": message["port"], "random": message.get("seed", 0)}
    if message.get("mesh"):
        mesh = message["mesh"]
        line["mesh"] = {"namespace": mesh["from"]["namespace"]}
        if mesh.get("service"):
            line["mesh"]["service"] = f"{mesh['service']['namespace']}/{mesh['service']['name']}"
        else:
            line["address"] = mesh["address"]
    elif message.get("gateway"):
        line["gateway"] = f"{message['gateway']['namespace']}/{message['gateway']['name']}"
    elif message.get("gateway_address") in gateways:
        line["gateway"] = gateways[message["gateway_address"]]
    else:
        line["address"] = message.get("gateway_address")
    if message.get("tls"):
        line["sni"] = message.get("sni") or ""
    if message["op"] == "udp":
        line["protocol"] = "UDP"
    elif message["op"] == "grpc":
        line.update(protocol="GRPC", method="POST", host=message["authority"],
                    path=f"/{message['service']}/{message['method']}", headers=message.get("metadata") or [])
    else:
        line.update(protocol="HTTPS" if message.get("tls") else "HTTP", host=message.get("host") or "",
                    method=message.get("method") or "GET", path=message.get("path") or "/",
                    headers=message.get("headers") or [])
    return line


def header_operations(headers):
    headers = headers or {}
    return ([{"op": op, "name": n, "value": v} for op in ("set", "add") for n, v in headers.get(op) or []]
            + [{"op": "remove", "name": n} for n in headers.get("remove") or []])


def backend_tls(tls):
    return {"sni": tls.get("sni"), "hostname": tls.get("sni"),
            "ca_refs": [{"kind": r["kind"], "namespace": r.get("namespace"), "name": r["name"]}
                        for r in tls.get("caCertificateRefs") or []],
            "subject_alt_names": tls.get("subjectAltNames") or [],
            **({"well_known_ca": tls["wellKnownCACertificates"]} if tls.get("wellKnownCACertificates") else {})}


def reply(message, decision):
    """The harness's reply for a decision line."""
    if "error" in decision:
        return {"error": decision["error"]}
    outcome = decision["outcome"]
    if outcome == "pass":
        return {"pass": True}
    tls = (decision.get("listener") or {}).get("tls") or {}
    backends = decision.get("backends") or []
    chosen = backends[decision["chosen"]] if "chosen" in decision and backends else {}
    out = {"response_headers": header_operations(chosen.get("responseHeaders") or decision.get("responseHeaders"))}
    if "route" in decision:  # for those who debug; the harness passes it over
        out["route"] = decision["route"]
    if tls.get("mode") == "Terminate":
        out["certificates"] = tls.get("certificates") or []
    if outcome == "forward":
        out["backend"] = {"namespace": chosen["namespace"], "service": chosen["name"], "port": chosen["port"]}
        if chosen.get("protocol") in ("h2c", "ws"):
            out["backend"]["protocol"] = chosen["protocol"]
        if tls.get("mode") == "Passthrough" or message["op"] == "udp":
            return {"passthrough": tls.get("mode") == "Passthrough", "backend": out["backend"]}
        out.update(status=200, request=chosen.get("request") or decision.get("request") or {},
                   timeouts=decision.get("timeouts") or {})
        out["mirrors"] = [{"namespace": m["namespace"], "service": m["name"], "port": m["port"]}
                          for m in (decision.get("mirrors") or []) + (chosen.get("mirrors") or [])]
        if chosen.get("tls"):
            out["backend_tls"] = backend_tls(chosen["tls"])
        return out
    if outcome == "redirect":
        redirect = chosen.get("redirect") or decision["redirect"]
        out["redirect"] = {"location": redirect["location"], "status": redirect["status"]}
        out.update(status=redirect["status"], location=redirect["location"])
        return out
    if "status" not in decision:
        return {"error": f"{outcome}: {decision.get('reason', 'no connection')}"}
    out["status"] = decision["status"]
    if "grpcStatus" in decision:
        out["grpc_status"] = decision["grpcStatus"]
    return out


def main():
    command = Command(sys.argv[-1], "--image" in sys.argv[1:-1])
    for line in sys.stdin:
        message = json.loads(line)
        if message["op"] == "load":
            answer = command.load(message)
        elif message["op"] == "handshake":
            answer = command.shake_hands(message)
        else:
            answer = reply(message, command.ask(request_line(message, command.gateways)))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    command.stop()


if __name__ == "__main__":
    main()
