#!/bin/sh
# The main job on this folder: what is valid, what attaches, where requests go.
#   demo.sh PATH-OF-GATEWAYAPI
set -eu
command=$1
shop=$(dirname "$0")

step() {
    printf '\n$ gatewayapi %s\n' "$*" | sed "s,$shop,examples/shop,g"
    "$command" "$@" && status=0 || status=$?
    # 1 means findings, and this folder has some on purpose.
    [ "$status" -le 1 ] || exit "$status"
}

step validate "$shop"
step status "$shop" --exclude '*/refused.yaml'
step match --requests "$shop/requests.jsonl" "$shop" --exclude '*/refused.yaml'
