#!/usr/bin/env python3
"""Measures the CPU time of `gatewayapi validate` as a process, beside what it is compared with.

    validate.py --command PATH --floor PATH --data FOLDER [--runs N] [--crds FOLDER
                --kubeconform PATH --kubectl-validate PATH]

FOLDER is what manifests.py made. Every program is run N times, all in turn, so that the noise of
the machine falls on all alike; medians are compared. User and system time of the whole process
count, from its start to its exit. Exit status 1 if a program fails, never for being slow.
"""
import argparse
import json
import os
import statistics
import sys


class Run:
    def __init__(self, name, args):
        self.name, self.args, self.times = name, args, []

    def once(self):
        quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        pid = os.posix_spawnp(self.args[0], self.args, os.environ, file_actions=quiet)
        _, status, usage = os.wait4(pid, 0)
        if status != 0:
            sys.exit(f"{' '.join(self.args)}: exit status {os.waitstatus_to_exitcode(status)}")
        self.times.append(usage.ru_utime + usage.ru_stime)

    @property
    def median(self):
        return statistics.median(self.times)


def measure(runs, count):
    for _ in range(count):
        for run in runs:
            run.once()


def row(run, base=None, wanted=""):
    ratio = f"{run.median / base.median:8.2f}" if base else " " * 8
    print(f"  {run.name:34} {run.median * 1000:10.2f} {min(run.times) * 1000:10.2f} {ratio}  {wanted}")


def title(text):
    print(f"{text}\n  {'':34} {'median ms':>10} {'least ms':>10} {'ratio':>8}  wanted")


def versions(folder):
    """Each version of each CustomResourceDefinition below a folder."""
    import yaml
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for base, _, names in os.walk(folder):
        for name in sorted(names):
            if not name.endswith((".yaml", ".yml")):
                continue
            with open(os.path.join(base, name), encoding="utf-8") as f:
                for document in yaml.load_all(f, loader):
                    if document and document.get("kind") == "CustomResourceDefinition":
                        for version in document["spec"]["versions"]:
                            yield document["spec"], version


def kubeconform_schemas(crds, out):
    """The JSON schemas that kubeconform wants, of CustomResourceDefinitions."""
    for spec, version in versions(crds):
        folder = os.path.join(out, spec["group"])
        os.makedirs(folder, exist_ok=True)
        name = f"{spec['names']['kind'].lower()}_{version['name']}.json"
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            json.dump(version["schema"]["openAPIV3Schema"], f)
    return os.path.join(out, "{{.Group}}", "{{.ResourceKind}}_{{.ResourceAPIVersion}}.json")


def peers(args, files):
    out = []
    if args.kubeconform:
        where = kubeconform_schemas(args.crds, os.path.join(args.data, "schemas"))
        out.append((Run("kubeconform", [args.kubeconform, "-schema-location", where, files]), 2))
    if args.kubectl_validate:
        out.append((Run("kubectl-validate",
                        [args.kubectl_validate, "--local-crds", args.crds, files]), 100))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--command", required=True)
    parser.add_argument("--floor", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--crds", help="folder of the CustomResourceDefinitions, for the peers")
    parser.add_argument("--kubeconform")
    parser.add_argument("--kubectl-validate")
    args = parser.parse_args()
    if (args.kubeconform or args.kubectl_validate) and not args.crds:
        parser.error("the peers need --crds")

    def path(name):
        return os.path.join(args.data, name)

    def validate(what):
        return Run("gatewayapi validate", [args.command, "validate", path(what)])

    streams = [("YAML", "stream.yaml", "yaml", "libyaml, events", 2.0),
               ("JSON", "stream.json", "json", "jansson, json_loadb", 2.5),
               ("JSON without blanks", "compact.json", "json", "jansson, json_loadb", 2.5)]
    for form, name, kind, what, most in streams:
        floor, ours = Run(what, [args.floor, kind, path(name)]), validate(name)
        measure([floor, ours], args.runs)
        title(f"{form}, one stream of {os.path.getsize(path(name)) / 1e6:.1f} MB")
        row(floor)
        row(ours, floor, f"at most {most}")

    start, one = Run("libyaml, events", [args.floor, "yaml", path("one.yaml")]), validate("one.yaml")
    measure([start, one], args.runs * 4)
    title("one file, from start to exit")
    row(start)
    row(one, start, "at most 5 ms")

    files = validate("files")
    others = peers(args, path("files"))
    measure([files], args.runs)
    measure([run for run, _ in others], min(args.runs, 3))
    title(f"{len(os.listdir(path('files')))} files")
    row(files)
    for run, least in others:
        row(run, files, f"at least {least}")


if __name__ == "__main__":
    main()
