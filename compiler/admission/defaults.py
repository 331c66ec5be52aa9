"""What fields are where nobody sets them, by type: the defaults that depend on nothing else.

From the `default` keywords of the published OpenAPI documents, and `SetDefaults_*` of k8s.io/kubernetes 1.37.2
(`pkg/apis/*/v*/defaults.go`). A type is defaulted so wherever it stands; what holds only in some places is in `fills`.
"""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy.values import JsonMap

_CONTAINER: JsonMap = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
_FILES: JsonMap = {"defaultMode": 0o644}
_ISCSI: JsonMap = {"iscsiInterface": "default"}
_RBD: JsonMap = {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"}
_SCALE_IO: JsonMap = {"storageMode": "ThinProvisioned", "fsType": "xfs"}
_WEBHOOK: JsonMap = {
    "failurePolicy": "Fail",
    "matchPolicy": "Equivalent",
    "namespaceSelector": {},
    "objectSelector": {},
    "timeoutSeconds": 10,
}
_SCOPED: JsonMap = {"scope": "*"}
_REFERENCE: JsonMap = {"port": 443}
_RBAC = "rbac.authorization.k8s.io"

DEFAULTS: Mapping[str, JsonMap] = {
    # Pods
    "PodSpec": {
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    },
    "Container": _CONTAINER,
    "EphemeralContainer": _CONTAINER,
    "ContainerPort": {"protocol": "TCP"},
    "Probe": {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
    "HTTPGetAction": {"path": "/", "scheme": "HTTP"},
    "GRPCAction": {"service": ""},
    "FileKeySelector": {"optional": False},
    "ObjectFieldSelector": {"apiVersion": "v1"},
    # Volumes
    "ConfigMapVolumeSource": _FILES,
    "DownwardAPIVolumeSource": _FILES,
    "ProjectedVolumeSource": _FILES,
    "SecretVolumeSource": _FILES,
    "ServiceAccountTokenProjection": {"expirationSeconds": 3600},
    "HostPathVolumeSource": {"type": ""},
    "PersistentVolumeClaimSpec": {"volumeMode": "Filesystem"},
    "AzureDiskVolumeSource": {"cachingMode": "ReadWrite", "fsType": "ext4", "kind": "Shared", "readOnly": False},
    "ISCSIVolumeSource": _ISCSI,
    "RBDVolumeSource": _RBD,
    "ScaleIOVolumeSource": _SCALE_IO,
    # Workloads
    "DeploymentSpec": {"replicas": 1, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600},
    "DeploymentStrategy": {"type": "RollingUpdate"},
    "DaemonSetSpec": {"revisionHistoryLimit": 10},
    "DaemonSetUpdateStrategy": {"type": "RollingUpdate"},
    "StatefulSetSpec": {
        "replicas": 1,
        "podManagementPolicy": "OrderedReady",
        "revisionHistoryLimit": 10,
        "persistentVolumeClaimRetentionPolicy": {},
    },
    "StatefulSetPersistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    "ReplicaSetSpec": {"replicas": 1},
    "ReplicationControllerSpec": {"replicas": 1},
    "CronJobSpec": {
        "concurrencyPolicy": "Allow",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    },
    "PodFailurePolicyOnPodConditionsPattern": {"status": "True"},
    "HorizontalPodAutoscalerSpec": {
        "minReplicas": 1,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
            }
        ],
    },
    # Others
    "NetworkPolicyPort": {"protocol": "TCP"},
    "RoleRef": {"apiGroup": _RBAC},
    "Secret": {"type": "Opaque"},
    "ServicePort": {"protocol": "TCP"},
    "ServiceSpec": {"type": "ClusterIP", "sessionAffinity": "None"},
    "IngressClassParametersReference": {"scope": "Cluster"},
    "PriorityClass": {"preemptionPolicy": "PreemptLowerPriority"},
    "StorageClass": {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
    # What extends the API server
    "ValidatingWebhook": _WEBHOOK,
    "MutatingWebhook": {**_WEBHOOK, "reinvocationPolicy": "Never"},
    "RuleWithOperations": _SCOPED,
    "NamedRuleWithOperations": _SCOPED,
    "MatchResources": {"matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {}},
    "ValidatingAdmissionPolicySpec": {"failurePolicy": "Fail"},
    "CustomResourceDefinitionSpec": {"conversion": {"strategy": "None"}},
    "AdmissionregistrationServiceReference": _REFERENCE,
    "ApiextensionsServiceReference": _REFERENCE,
    "ApiregistrationServiceReference": _REFERENCE,
}
