#!/bin/sh
# tfcmt plan -- ./tfcmt-plan.sh
echo 'Terraform will perform the following actions:'
echo
vpnctl plan -f vpn/ --out plan.json
code=$?
if [ "$code" -ne 0 ]; then echo "Error: vpnctl plan failed (exit $code)"; fi
exit "$code"
