#!/usr/bin/env python3
"""What no engine tells here of the Dockerfile, the compose file and the Kubernetes manifests: that names lead somewhere, that
probes ask for what is there, that nothing has more rights than it needs, and that the program takes its configuration.

images.py DEPLOY PROGRAM
"""
import json, pathlib, re, tempfile
import yaml
from checks import DEPLOY, keys_for, run, understood, voicegate, without_comments
from dockerfile import all_of, stages

CONTAINER = DEPLOY / "container"
MANIFESTS = [one for file in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
             for one in yaml.safe_load_all(file.read_text())]
API = {"ConfigMap": "v1", "Service": "v1", "Deployment": "apps/v1", "PodDisruptionBudget": "policy/v1",
       "Kustomization": "kustomize.config.k8s.io/v1beta1"}
TO_BE_MADE = {"voicegate-keys": ["api.key", "tokens.json"], "voicegate-tls": ["tls.crt", "tls.key"]}
CONFIGURATION = "/etc/voicegate/voicegate.json"


def the(kind):
    return next(one for one in MANIFESTS if one["kind"] == kind)


def listens(text):
    return json.loads(without_comments(text))["listen"]


def ports(text, kind):
    return {int(at.rsplit(":", 1)[1]) for at in listens(text)[kind]}


# The image

STAGES = stages((CONTAINER / "Dockerfile").read_text())
LAST = STAGES[-1]


def stages_are_of_debian_12_and_what_is_copied_is_there():
    named = [all_of(stage, "FROM")[0].partition(" AS ")[2] for stage in STAGES]
    for stage in STAGES:
        if not all_of(stage, "FROM")[0].startswith("debian:bookworm"): yield f"{stage[0]} is not the release it is built for"
        for copied in all_of(stage, "COPY"):
            source = copied.split()[0]
            if source.startswith("--from="):
                if source.removeprefix("--from=") not in named: yield f"{source} names no stage"
            elif not (DEPLOY.parent / source).exists(): yield f"{source} is not in the tree"
        for line in all_of(stage, "RUN"):
            if "apt-get install" in line and not all(part in line for part in ("--no-install-recommends", "/var/lib/apt/lists")):
                yield f"it installs too much, or leaves lists behind: {line}"


def nobody_is_root_in_it():
    user = all_of(LAST, "USER")
    if not user or not re.fullmatch(r"[1-9]\d*:[1-9]\d*", user[-1]): yield f"a number must say who it is, not {user}"
    pod = the("Deployment")["spec"]["template"]["spec"]["securityContext"]
    if user[-1] != f"{pod['runAsUser']}:{pod['runAsGroup']}": yield "the Deployment runs it as somebody else"
    compose = yaml.safe_load((CONTAINER / "compose.yaml").read_text())["services"]["voicegate"]
    if compose["user"] != user[-1]: yield "compose runs it as somebody else"


def what_it_runs_is_understood():
    start = json.loads(all_of(LAST, "ENTRYPOINT")[0]) + json.loads(all_of(LAST, "CMD")[0])
    health = json.loads(all_of(LAST, "HEALTHCHECK")[0].partition("CMD ")[2])
    yield from understood(start)
    yield from understood(health)
    if start[1] != "serve" or health[1] != "health": yield "it must serve, and be asked for its health"
    if start[-1] != CONFIGURATION or health[-1] != CONFIGURATION: yield "both read another configuration than is installed"


def its_ports_are_the_configurations():
    text = (CONTAINER / "voicegate.json").read_text()
    exposed = set(map(int, all_of(LAST, "EXPOSE")[0].split()))
    if exposed != ports(text, "https") | ports(text, "http"): yield f"{exposed} is not what it listens at"
    if not listens(text)["admin"].startswith("127.0.0.1:"): yield "the admin listener is open to others"


# Compose

def compose_gives_it_nothing_but_its_files():
    service = yaml.safe_load((CONTAINER / "compose.yaml").read_text())["services"]["voicegate"]
    if service.get("read_only") is not True: yield "its root can be written"
    if service.get("cap_drop") != ["ALL"] or service.get("cap_add"): yield "it has capabilities"
    if "no-new-privileges:true" not in service["security_opt"]: yield "it may gain privileges"
    if not (CONTAINER / service["build"]["context"] / service["build"]["dockerfile"]).exists(): yield "nothing builds it"
    text = (CONTAINER / "voicegate.json").read_text()
    inside = {int(one.split(":")[1]) for one in service["ports"]}
    if inside != ports(text, "https") | ports(text, "http"): yield f"{inside} is not what it listens at"
    mounted = {volume.split(":")[1].removeprefix("/etc/voicegate/") for volume in service["volumes"]}
    if mounted != {"voicegate.json", *(f"tls/{key}" for key in TO_BE_MADE["voicegate-tls"]), *TO_BE_MADE["voicegate-keys"]}:
        yield f"{mounted} is not what the configuration names"
    if not all(volume.endswith(":ro") for volume in service["volumes"]): yield "a file can be written"


# Kubernetes

def each_manifest_is_of_its_api():
    for one in MANIFESTS:
        if API.get(one["kind"]) != one["apiVersion"]: yield f"{one['kind']} is not of {one['apiVersion']}"
    if {one["kind"] for one in MANIFESTS} != set(API): yield f"there must be one of each of {', '.join(API)}"
    for file in the("Kustomization")["resources"]:
        if not (DEPLOY / "kubernetes" / file).exists(): yield f"{file} is not there"


def selectors_meet_the_pods():
    labels = the("Deployment")["spec"]["template"]["metadata"]["labels"].items()
    for kind in ("Deployment", "PodDisruptionBudget"):
        if not the(kind)["spec"]["selector"]["matchLabels"].items() <= labels: yield f"the {kind} selects other pods"
    if not the("Service")["spec"]["selector"].items() <= labels: yield "the Service selects other pods"


def container():
    return the("Deployment")["spec"]["template"]["spec"]["containers"][0]


def probes_ask_the_program():
    for name, switch in (("startupProbe", None), ("readinessProbe", None), ("livenessProbe", "--alive")):
        command = container()[name]["exec"]["command"]
        yield from understood(command)
        if command[1] != "health" or command[-1] != CONFIGURATION: yield f"{name} does not ask for its health"
        if (switch is not None) != ("--alive" in command): yield f"{name} asks for the wrong thing"
        if container()[name]["timeoutSeconds"] < 6: yield f"{name} gives up before `voicegate health` does"
    yield from understood(["voicegate", *container()["args"]])


def ports_lead_to_what_it_listens_at():
    text = the("ConfigMap")["data"]["voicegate.json"]
    named = {port["name"]: port["containerPort"] for port in container()["ports"]}
    for kind in ("https", "http"):
        if {named[kind]} != ports(text, kind): yield f"{kind} is not what it listens at"
    for port in the("Service")["spec"]["ports"]:
        if port["targetPort"] not in named: yield f"the Service leads to {port['targetPort']}, which is no port"
    if not listens(text)["admin"].startswith("127.0.0.1:"): yield "the admin listener is open to the cluster"


def pods_are_restricted():
    """As the Pod Security Standards' profile `restricted` demands, and more."""
    pod, own = the("Deployment")["spec"]["template"]["spec"], container()["securityContext"]
    if pod["securityContext"].get("runAsNonRoot") is not True: yield "it may be root"
    if pod["securityContext"].get("seccompProfile") != {"type": "RuntimeDefault"}: yield "its calls are not filtered"
    if own.get("allowPrivilegeEscalation") is not False: yield "it may gain privileges"
    if own.get("capabilities") != {"drop": ["ALL"]}: yield "it has capabilities"
    if own.get("readOnlyRootFilesystem") is not True: yield "its root can be written"
    if pod.get("automountServiceAccountToken") is not False: yield "it has a token for the cluster"
    if "memory" not in container()["resources"]["limits"]: yield "its memory has no limit"
    image, tag = container()["image"].rsplit(":", 1)
    if tag == "latest" or image not in [one["name"] for one in the("Kustomization")["images"]]: yield "its image can be any"


def it_may_drain():
    pod = the("Deployment")["spec"]["template"]["spec"]
    pause = int(container()["lifecycle"]["preStop"]["exec"]["command"][1])
    if pod["terminationGracePeriodSeconds"] < pause + 30 + 10 + 5: yield "it is killed before drain.deadline is over"
    if the("PodDisruptionBudget")["spec"]["maxUnavailable"] >= the("Deployment")["spec"]["replicas"]: yield "all may go at once"


def mounted():
    """What lies in the one volume, and where it comes from."""
    pod = the("Deployment")["spec"]["template"]["spec"]
    for source in pod["volumes"][0]["projected"]["sources"]:
        if name := source.get("configMap", {}).get("name"):
            yield from ((key, name, key) for key in the("ConfigMap")["data"] if the("ConfigMap")["metadata"]["name"] == name)
        else:
            secret = source["secret"]
            items = secret.get("items") or [{"key": key, "path": key} for key in TO_BE_MADE[secret["name"]]]
            yield from ((item["path"], secret["name"], item["key"]) for item in items)


def secrets_can_be_read_by_the_group_alone():
    pod = the("Deployment")["spec"]["template"]["spec"]
    if pod["volumes"][0]["projected"]["defaultMode"] != 0o440: yield "strangers may read them"
    if pod["securityContext"]["fsGroup"] != pod["securityContext"]["runAsGroup"]: yield "it cannot read them itself"
    for path, secret, key in mounted():
        if secret in TO_BE_MADE and key not in TO_BE_MADE[secret]: yield f"{secret} has no {key}"
    told = "".join(file.read_text() for file in (DEPLOY / "kubernetes").glob("*.yaml"))
    for secret in TO_BE_MADE:
        if not re.search(rf"kubectl create secret \w+ {secret}\b", told): yield f"nobody says how to make {secret}"


# Both

def accepted(text, files):
    with tempfile.TemporaryDirectory() as directory:
        there = pathlib.Path(directory)
        keys_for(there)
        (there / "voicegate.json").write_text(text)
        for made in there.rglob("*"):
            if made.is_file() and "dev" not in made.parts and str(made.relative_to(there)) not in files: made.unlink()
        got = voicegate("check", "--config", there / "voicegate.json")
        if got.returncode: yield got.stderr


def the_configurations_are_accepted_with_what_is_mounted():
    files = [path for path, _, _ in mounted()]
    yield from accepted(the("ConfigMap")["data"]["voicegate.json"], files)
    yield from accepted((CONTAINER / "voicegate.json").read_text(), files)


run(stages_are_of_debian_12_and_what_is_copied_is_there, nobody_is_root_in_it, what_it_runs_is_understood,
    its_ports_are_the_configurations, compose_gives_it_nothing_but_its_files, each_manifest_is_of_its_api,
    selectors_meet_the_pods, probes_ask_the_program, ports_lead_to_what_it_listens_at, pods_are_restricted, it_may_drain,
    secrets_can_be_read_by_the_group_alone, the_configurations_are_accepted_with_what_is_mounted)
