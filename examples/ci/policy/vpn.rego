# conftest test plan.tf.json --policy examples/ci/policy
package main

import rego.v1

deny contains message if {
	some change in input.resource_changes
	change.type in {"wireguard-gateway", "ipsec-gateway"}
	"delete" in change.change.actions
	message := sprintf("%s: a gateway is not deleted by a pull request", [change.address])
}

deny contains message if {
	some change in input.resource_changes
	change.type == "wireguard-peer"
	some network in change.change.after.allowedIPs
	network in {"0.0.0.0/0", "::/0"}
	message := sprintf("%s: a peer may not send from every address", [change.address])
}

deny contains message if {
	some change in input.resource_changes
	change.type == "ipsec-tunnel"
	some phase in ["ike", "esp"]
	group := change.change.after[phase].diffieHellmanGroup
	contains(group, "MODP")
	message := sprintf("%s: the group %s is not accepted in %s", [change.address, group, phase])
}

warn contains message if {
	some resource in input.vpnctl.unmanaged
	message := sprintf("%s is live and in no file", [resource.address])
}
