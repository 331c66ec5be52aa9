"""The fields that Pod Security reads, and values on both sides of what it asks."""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy.values import Json, JsonMap

PROFILES: tuple[JsonMap | None, ...] = (
    None,
    {"type": "RuntimeDefault"},
    {"type": "Localhost", "localhostProfile": "own"},
    {"type": "Unconfined"},
)
SELINUX: tuple[JsonMap, ...] = (
    {},
    {"level": "s0:c1"},
    *({"type": name} for name in ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")),
    {"type": "spc_t"},
    {"type": "container_T"},
    {"user": "system_u"},
    {"role": "system_r"},
    {"user": "", "role": ""},
)
WINDOWS: tuple[JsonMap, ...] = ({}, {"hostProcess": True}, {"hostProcess": False}, {"runAsUserName": "own"})
USERS = (0, 1, 1000)
SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_wmem2",
    "net/ipv4/tcp_wmem",
    "net.core.somaxconn",
    "kernel.msgmax",
)
VOLUMES: tuple[JsonMap, ...] = (
    {},
    {"configMap": {"name": "a"}},
    {"csi": {"driver": "a.example"}},
    {"downwardAPI": {}},
    {"emptyDir": {}},
    {"emptyDir": {"medium": "Memory"}},
    {
        "ephemeral": {
            "volumeClaimTemplate": {
                "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
            }
        }
    },
    {"image": {"reference": "registry.example/files:1"}},
    {"persistentVolumeClaim": {"claimName": "a"}},
    {"projected": {}},
    {"projected": {"sources": [{"configMap": {"name": "a"}}]}},
    {"secret": {"secretName": "a"}},
    {"hostPath": {"path": "/"}},
    {"hostPath": {"path": "/dev/null", "type": "CharDevice"}},
    {"gcePersistentDisk": {"pdName": "a"}},
    {"awsElasticBlockStore": {"volumeID": "a"}},
    {"azureDisk": {"diskName": "a", "diskURI": "https://disk.example/a"}},
    {"azureFile": {"secretName": "a", "shareName": "b"}},
    {"gitRepo": {"repository": "https://git.example/a"}},
    {"nfs": {"server": "a", "path": "/"}},
    {"iscsi": {"targetPortal": "127.0.0.1:1", "iqn": "iqn.2015-02.example.com:a", "lun": 1}},
    {"glusterfs": {"endpoints": "a", "path": "b"}},
    {"rbd": {"monitors": ["a"], "image": "b"}},
    {"cephfs": {"monitors": ["a"]}},
    {"cinder": {"volumeID": "a"}},
    {"fc": {"wwids": ["a"]}},
    {"flexVolume": {"driver": "a/b"}},
    {"flocker": {"datasetName": "a"}},
    {"vsphereVolume": {"volumePath": "a"}},
    {"quobyte": {"registry": "a:1", "volume": "b"}},
    {"photonPersistentDisk": {"pdID": "a"}},
    {"portworxVolume": {"volumeID": "a"}},
    {"scaleIO": {"gateway": "a", "system": "b", "secretRef": {"name": "c"}, "volumeName": "d"}},
    {"storageos": {"volumeName": "a"}},
)
"""Every type of volume."""
HOSTS: tuple[JsonMap, ...] = ({}, {"host": ""}, {"host": "a"})
HANDLERS: tuple[JsonMap, ...] = (
    *({"httpGet": {"port": 80, **host}} for host in HOSTS),
    *({"tcpSocket": {"port": 80, **host}} for host in HOSTS),
    {"httpGet": {"port": 80, "host": "127.0.0.1"}},
    {"exec": {"command": ["true"]}},
)
PROBES: tuple[JsonMap, ...] = (*HANDLERS, {"grpc": {"port": 80}})
HOOKS: tuple[JsonMap, ...] = (*HANDLERS, {"sleep": {"seconds": 1}})
CAPABILITIES: tuple[JsonMap | None, ...] = (
    None,
    {},
    {"drop": []},
    *({"drop": [name]} for name in ("ALL", "all", "CAP_ALL", "NET_RAW")),
    {"drop": ["NET_RAW", "ALL"]},
    *(
        {"drop": ["ALL"], "add": [name]}
        for name in ("NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE", "net_bind_service", "CHOWN", "SYS_ADMIN", "ALL")
    ),
    {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "NET_RAW"]},
    {"add": ["NET_BIND_SERVICE"]},
    {"add": ["CHOWN", "KILL"]},
)
ANNOTATIONS = ("", "runtime/default", "localhost/own", "localhost/", "unconfined")
"""Profiles of AppArmor as they were set of old."""
OUTSIDE: Mapping[str, tuple[Json, ...]] = {
    "runAsNonRoot": (None, True, False),
    "runAsUser": USERS,
    "runAsGroup": USERS,
    "seccompProfile": PROFILES,
    "appArmorProfile": PROFILES,
    "seLinuxOptions": SELINUX,
    "windowsOptions": WINDOWS,
}
"""What security contexts of pods and of containers both have."""
IN_SPEC: Mapping[str, tuple[Json, ...]] = {
    **dict.fromkeys(("hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace"), (True, False)),
    "os": (None, {"name": "linux"}, {"name": "windows"}),
    "hostAliases": ([{"ip": "127.0.0.1", "hostnames": ["a"]}],),
    "hostname": ("own",),
    "volumes": tuple([{"name": "a", **each}] for each in VOLUMES),
    "securityContext": (None, {}),
    **{f"securityContext.{name}": values for name, values in OUTSIDE.items()},
    "securityContext.fsGroup": USERS,
    "securityContext.supplementalGroups": ([0], [1000]),
    "securityContext.sysctls": tuple([{"name": name, "value": "1"}] for name in SYSCTLS),
}
"""Fields of a pod's spec."""
IN_CONTAINER: Mapping[str, tuple[Json, ...]] = {
    "securityContext": (None, {}),
    **{f"securityContext.{name}": values for name, values in OUTSIDE.items()},
    "securityContext.privileged": (None, True, False),
    "securityContext.allowPrivilegeEscalation": (None, True, False),
    "securityContext.readOnlyRootFilesystem": (True, False),
    "securityContext.capabilities": CAPABILITIES,
    "securityContext.procMount": (None, "Default", "Unmasked"),
    "ports": (
        [{"containerPort": 80}],
        [{"containerPort": 80, "hostPort": 0}],
        [{"containerPort": 80, "hostPort": 80}],
        [{"containerPort": 80}, {"containerPort": 443, "hostPort": 8443, "hostIP": "127.0.0.1"}],
    ),
    "livenessProbe": PROBES,
    "readinessProbe": PROBES,
    "startupProbe": PROBES,
    "lifecycle": tuple({event: each} for event in ("postStart", "preStop") for each in HOOKS),
}
"""Fields of a container."""
