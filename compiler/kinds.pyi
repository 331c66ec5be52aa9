"""The types of Kubernetes objects, as rules see them. Made by `cmpolicy.fields.generate`; do not edit.

Fields whose names Python reserves are left out: write `rule["from"]`.
"""

from cmpolicy.dsl.expressions import Boolean, Integer, IntOrString, Number, Quantity, String, Value
from cmpolicy.dsl.structures import List, Map, Object

class APIService(Object):
    """`apiregistration.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: APIServiceSpec
    status: APIServiceStatus

class APIServiceCondition(Object):
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class APIServiceSpec(Object):
    caBundle: String
    group: String
    groupPriorityMinimum: Integer
    insecureSkipTLSVerify: Boolean
    service: ApiregistrationServiceReference
    version: String
    versionPriority: Integer

class APIServiceStatus(Object):
    conditions: List[APIServiceCondition]

class AWSElasticBlockStoreVolumeSource(Object):
    fsType: String
    partition: Integer
    readOnly: Boolean
    volumeID: String

class AcmeGatewaySolver(Object):
    labels: Map[String]
    parentRefs: Value
    podTemplate: AcmePodTemplate
    serviceType: String

class AcmeHttp01Solver(Object):
    gatewayHTTPRoute: AcmeGatewaySolver
    ingress: AcmeIngressSolver

class AcmeIngressSolver(Object):
    ingressClassName: String
    ingressTemplate: Value
    name: String
    podTemplate: AcmePodTemplate
    serviceType: String

class AcmeIssuer(Object):
    caBundle: String
    disableAccountKeyGeneration: Boolean
    email: String
    enableDurationFeature: Boolean
    preferredChain: String
    profile: String
    server: String
    skipTLSVerify: Boolean
    solvers: List[AcmeSolver]

class AcmePodSpec(Object):
    affinity: Affinity
    imagePullSecrets: Value
    nodeSelector: Map[String]
    priorityClassName: String
    resources: ResourceRequirements
    securityContext: PodSecurityContext
    serviceAccountName: String
    tolerations: List[Toleration]

class AcmePodTemplate(Object):
    metadata: Value
    spec: AcmePodSpec

class AcmeSolver(Object):
    dns01: Value
    http01: AcmeHttp01Solver
    selector: Value

class AdmissionregistrationServiceReference(Object):
    name: String
    namespace: String
    path: String
    port: Integer

class AdmissionregistrationWebhookClientConfig(Object):
    caBundle: String
    service: AdmissionregistrationServiceReference
    url: String

class Affinity(Object):
    nodeAffinity: NodeAffinity
    podAffinity: PodAffinity
    podAntiAffinity: PodAntiAffinity

class AggregationRule(Object):
    clusterRoleSelectors: List[LabelSelector]

class AllocatedDeviceStatus(Object):
    conditions: List[Condition]
    data: Value
    device: String
    driver: String
    networkData: NetworkDeviceData
    pool: String
    shareID: String

class AllocationResult(Object):
    allocationTimestamp: String
    devices: DeviceAllocationResult
    nodeSelector: NodeSelector

class ApiextensionsServiceReference(Object):
    name: String
    namespace: String
    path: String
    port: Integer

class ApiextensionsWebhookClientConfig(Object):
    caBundle: String
    service: ApiextensionsServiceReference
    url: String

class ApiregistrationServiceReference(Object):
    name: String
    namespace: String
    port: Integer

class AppArmorProfile(Object):
    localhostProfile: String
    type: String

class ApplyConfiguration(Object):
    expression: String

class AttachedVolume(Object):
    devicePath: String
    name: String

class AuditAnnotation(Object):
    key: String
    valueExpression: String

class AzureDiskVolumeSource(Object):
    cachingMode: String
    diskName: String
    diskURI: String
    fsType: String
    kind: String
    readOnly: Boolean

class AzureFilePersistentVolumeSource(Object):
    readOnly: Boolean
    secretName: String
    secretNamespace: String
    shareName: String

class AzureFileVolumeSource(Object):
    readOnly: Boolean
    secretName: String
    shareName: String

class CELDeviceSelector(Object):
    expression: String

class CSIDriver(Object):
    """`storage.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: CSIDriverSpec

class CSIDriverSpec(Object):
    attachRequired: Boolean
    fsGroupPolicy: String
    nodeAllocatableUpdatePeriodSeconds: Integer
    podInfoOnMount: Boolean
    preventPodSchedulingIfMissing: Boolean
    requiresRepublish: Boolean
    seLinuxMount: Boolean
    serviceAccountTokenInSecrets: Boolean
    storageCapacity: Boolean
    tokenRequests: List[TokenRequest]
    volumeLifecycleModes: List[String]

class CSINode(Object):
    """`storage.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: CSINodeSpec
    status: CSINodeStatus

class CSINodeDriver(Object):
    allocatable: VolumeNodeResources
    name: String
    nodeID: String
    topologyKeys: List[String]

class CSINodeSpec(Object):
    drivers: List[CSINodeDriver]

class CSINodeStatus(Object):
    storageHealth: List[StorageHealth]

class CSIPersistentVolumeSource(Object):
    controllerExpandSecretRef: SecretReference
    controllerPublishSecretRef: SecretReference
    driver: String
    fsType: String
    nodeExpandSecretRef: SecretReference
    nodePublishSecretRef: SecretReference
    nodeStageSecretRef: SecretReference
    readOnly: Boolean
    volumeAttributes: Map[String]
    volumeHandle: String

class CSIStorageCapacity(Object):
    """`storage.k8s.io/v1`"""
    apiVersion: String
    capacity: Quantity
    kind: String
    maximumVolumeSize: Quantity
    metadata: ObjectMeta
    nodeTopology: LabelSelector
    storageClassName: String

class CSIVolumeSource(Object):
    driver: String
    fsType: String
    nodePublishSecretRef: LocalObjectReference
    readOnly: Boolean
    volumeAttributes: Map[String]

class Capabilities(Object):
    add: List[String]
    drop: List[String]

class CapacityRequestPolicy(Object):
    default: Quantity
    validRange: CapacityRequestPolicyRange
    validValues: List[Quantity]

class CapacityRequestPolicyRange(Object):
    max: Quantity
    min: Quantity
    step: Quantity

class CapacityRequirements(Object):
    requests: Map[Quantity]

class CephFSPersistentVolumeSource(Object):
    monitors: List[String]
    path: String
    readOnly: Boolean
    secretFile: String
    secretRef: SecretReference
    user: String

class CephFSVolumeSource(Object):
    monitors: List[String]
    path: String
    readOnly: Boolean
    secretFile: String
    secretRef: LocalObjectReference
    user: String

class CertManagerValues(Object):
    """`cmpolicy.dev/v1`"""
    acmesolver: ValuesAcmesolver
    affinity: Map[Value]
    apiVersion: String
    approveSignerNames: List[Value]
    automountServiceAccountToken: Boolean
    cainjector: ValuesCainjector
    clusterResourceNamespace: String
    config: Map[Value]
    containerSecurityContext: Map[Value]
    crds: ValuesCrds
    creator: String
    deploymentAnnotations: Map[Value]
    disableAutoApproval: Boolean
    dns01RecursiveNameservers: String
    dns01RecursiveNameserversOnly: Boolean
    enableCertificateOwnerRef: Boolean
    enableServiceLinks: Boolean
    enabled: Boolean
    extraArgs: List[String]
    extraContainers: List[Value]
    extraEnv: List[Value]
    extraObjects: List[Value]
    featureGates: String
    fullnameOverride: String
    hostAliases: List[Value]
    http_proxy: String
    https_proxy: String
    image: ValuesImage
    imageNamespace: String
    imageRegistry: String
    ingressShim: ValuesIngressShim
    installCRDs: Boolean
    kind: String
    livenessProbe: Map[Value]
    maxConcurrentChallenges: Number
    metadata: ObjectMeta
    nameOverride: String
    namespace: String
    networkPolicy: ValuesNetworkPolicy
    no_proxy: String
    nodeSelector: Map[Value]
    podAnnotations: Map[Value]
    podDisruptionBudget: ValuesPodDisruptionBudget
    podDnsConfig: Map[Value]
    podDnsPolicy: String
    podLabels: Map[Value]
    prometheus: ValuesPrometheus
    replicaCount: Integer
    resources: Map[Value]
    runtimeClassName: String
    securityContext: Map[Value]
    serviceAccount: ValuesServiceAccount
    serviceAnnotations: Map[Value]
    serviceIPFamilies: List[Value]
    serviceIPFamilyPolicy: String
    serviceLabels: Map[Value]
    startupapicheck: ValuesStartupapicheck
    strategy: Map[Value]
    tolerations: List[Value]
    topologySpreadConstraints: List[Value]
    volumeMounts: List[VolumeMount]
    volumes: List[Volume]
    webhook: ValuesWebhook

class Certificate(Object):
    """`cert-manager.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: CertificateSpec
    status: Value

class CertificatePrivateKey(Object):
    algorithm: String
    encoding: String
    rotationPolicy: String
    size: Integer

class CertificateSigningRequest(Object):
    """`certificates.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: CertificateSigningRequestSpec
    status: CertificateSigningRequestStatus

class CertificateSigningRequestCondition(Object):
    lastTransitionTime: String
    lastUpdateTime: String
    message: String
    reason: String
    status: String
    type: String

class CertificateSigningRequestSpec(Object):
    expirationSeconds: Integer
    extra: Map[List[String]]
    groups: List[String]
    request: String
    signerName: String
    uid: String
    usages: List[String]
    username: String

class CertificateSigningRequestStatus(Object):
    certificate: String
    conditions: List[CertificateSigningRequestCondition]

class CertificateSpec(Object):
    commonName: String
    dnsNames: List[String]
    duration: String
    isCA: Boolean
    issuerRef: Value
    privateKey: CertificatePrivateKey
    renewBefore: String
    renewBeforePercentage: Integer
    secretName: String

class CinderPersistentVolumeSource(Object):
    fsType: String
    readOnly: Boolean
    secretRef: SecretReference
    volumeID: String

class CinderVolumeSource(Object):
    fsType: String
    readOnly: Boolean
    secretRef: LocalObjectReference
    volumeID: String

class ClaimSource(Object):
    resourceClaimName: String
    resourceClaimTemplateName: String

class ClientIPConfig(Object):
    timeoutSeconds: Integer

class ClusterIssuer(Object):
    """`cert-manager.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: IssuerSpec
    status: Value

class ClusterRole(Object):
    """`rbac.authorization.k8s.io/v1`"""
    aggregationRule: AggregationRule
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    rules: List[PolicyRule]

class ClusterRoleBinding(Object):
    """`rbac.authorization.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    roleRef: RoleRef
    subjects: List[RbacSubject]

class ClusterTrustBundle(Object):
    """`certificates.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ClusterTrustBundleSpec

class ClusterTrustBundleProjection(Object):
    labelSelector: LabelSelector
    name: String
    optional: Boolean
    path: String
    signerName: String
    user: Integer

class ClusterTrustBundleSpec(Object):
    signerName: String
    trustBundle: String

class ComponentCondition(Object):
    error: String
    message: String
    status: String
    type: String

class ComponentStatus(Object):
    """`v1`"""
    apiVersion: String
    conditions: List[ComponentCondition]
    kind: String
    metadata: ObjectMeta

class Condition(Object):
    lastTransitionTime: String
    message: String
    observedGeneration: Integer
    reason: String
    status: String
    type: String

class ConfigMap(Object):
    """`v1`"""
    apiVersion: String
    binaryData: Map[String]
    data: Map[String]
    immutable: Boolean
    kind: String
    metadata: ObjectMeta

class ConfigMapEnvSource(Object):
    name: String
    optional: Boolean

class ConfigMapKeySelector(Object):
    key: String
    name: String
    optional: Boolean

class ConfigMapNodeConfigSource(Object):
    kubeletConfigKey: String
    name: String
    namespace: String
    resourceVersion: String
    uid: String

class ConfigMapProjection(Object):
    items: List[KeyToPath]
    name: String
    optional: Boolean

class ConfigMapVolumeSource(Object):
    defaultMode: Integer
    defaultUser: Integer
    items: List[KeyToPath]
    name: String
    optional: Boolean

class Container(Object):
    args: List[String]
    command: List[String]
    env: List[EnvVar]
    envFrom: List[EnvFromSource]
    image: String
    imagePullPolicy: String
    lifecycle: Lifecycle
    livenessProbe: Probe
    name: String
    ports: List[ContainerPort]
    readinessProbe: Probe
    resizePolicy: List[ContainerResizePolicy]
    resources: ResourceRequirements
    restartPolicy: String
    restartPolicyRules: List[ContainerRestartRule]
    securityContext: SecurityContext
    startupProbe: Probe
    stdin: Boolean
    stdinOnce: Boolean
    terminationMessagePath: String
    terminationMessagePolicy: String
    tty: Boolean
    volumeDevices: List[VolumeDevice]
    volumeMounts: List[VolumeMount]
    workingDir: String

class ContainerExtendedResourceRequest(Object):
    containerName: String
    requestName: String
    resourceName: String

class ContainerImage(Object):
    names: List[String]
    sizeBytes: Integer

class ContainerPort(Object):
    containerPort: Integer
    hostIP: String
    hostPort: Integer
    name: String
    protocol: String

class ContainerResizePolicy(Object):
    resourceName: String
    restartPolicy: String

class ContainerResourceMetricSource(Object):
    container: String
    name: String
    target: MetricTarget

class ContainerResourceMetricStatus(Object):
    container: String
    current: MetricValueStatus
    name: String

class ContainerRestartRule(Object):
    action: String
    exitCodes: ContainerRestartRuleOnExitCodes

class ContainerRestartRuleOnExitCodes(Object):
    operator: String
    values: List[Integer]

class ContainerState(Object):
    running: ContainerStateRunning
    terminated: ContainerStateTerminated
    waiting: ContainerStateWaiting

class ContainerStateRunning(Object):
    startedAt: String

class ContainerStateTerminated(Object):
    containerID: String
    exitCode: Integer
    finishedAt: String
    message: String
    reason: String
    signal: Integer
    startedAt: String

class ContainerStateWaiting(Object):
    message: String
    reason: String

class ContainerStatus(Object):
    allocatedResources: Map[Quantity]
    allocatedResourcesStatus: List[ResourceStatus]
    containerID: String
    image: String
    imageID: String
    lastState: ContainerState
    name: String
    ready: Boolean
    resources: ResourceRequirements
    restartCount: Integer
    started: Boolean
    state: ContainerState
    stopSignal: String
    user: ContainerUser
    volumeMounts: List[VolumeMountStatus]

class ContainerUser(Object):
    linux: LinuxContainerUser

class ControllerRevision(Object):
    """`apps/v1`"""
    apiVersion: String
    data: Value
    kind: String
    metadata: ObjectMeta
    revision: Integer

class CoreResourceClaim(Object):
    name: String
    request: String

class Counter(Object):
    value: Quantity

class CounterSet(Object):
    counters: Map[Counter]
    name: String

class CronJob(Object):
    """`batch/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: CronJobSpec
    status: CronJobStatus

class CronJobSpec(Object):
    concurrencyPolicy: String
    failedJobsHistoryLimit: Integer
    jobTemplate: JobTemplateSpec
    schedule: String
    startingDeadlineSeconds: Integer
    successfulJobsHistoryLimit: Integer
    suspend: Boolean
    timeZone: String

class CronJobStatus(Object):
    active: List[ObjectReference]
    lastScheduleTime: String
    lastSuccessfulTime: String

class CrossVersionObjectReference(Object):
    apiVersion: String
    kind: String
    name: String

class CrossVersionObjectReferenceV1(Object):
    apiVersion: String
    kind: String
    name: String

class CustomResourceColumnDefinition(Object):
    description: String
    format: String
    jsonPath: String
    name: String
    priority: Integer
    type: String

class CustomResourceConversion(Object):
    strategy: String
    webhook: WebhookConversion

class CustomResourceDefinition(Object):
    """`apiextensions.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: CustomResourceDefinitionSpec
    status: CustomResourceDefinitionStatus

class CustomResourceDefinitionCondition(Object):
    lastTransitionTime: String
    message: String
    observedGeneration: Integer
    reason: String
    status: String
    type: String

class CustomResourceDefinitionNames(Object):
    categories: List[String]
    kind: String
    listKind: String
    plural: String
    shortNames: List[String]
    singular: String

class CustomResourceDefinitionSpec(Object):
    conversion: CustomResourceConversion
    group: String
    names: CustomResourceDefinitionNames
    preserveUnknownFields: Boolean
    scope: String
    versions: List[CustomResourceDefinitionVersion]

class CustomResourceDefinitionStatus(Object):
    acceptedNames: CustomResourceDefinitionNames
    conditions: List[CustomResourceDefinitionCondition]
    observedGeneration: Integer
    storedVersions: List[String]

class CustomResourceDefinitionVersion(Object):
    additionalPrinterColumns: List[CustomResourceColumnDefinition]
    deprecated: Boolean
    deprecationWarning: String
    name: String
    schema: CustomResourceValidation
    selectableFields: List[SelectableField]
    served: Boolean
    storage: Boolean
    subresources: CustomResourceSubresources

class CustomResourceSubresourceScale(Object):
    labelSelectorPath: String
    specReplicasPath: String
    statusReplicasPath: String

class CustomResourceSubresources(Object):
    scale: CustomResourceSubresourceScale
    status: Value

class CustomResourceValidation(Object):
    openAPIV3Schema: JSONSchemaProps

class DaemonEndpoint(Object):
    Port: Integer

class DaemonSet(Object):
    """`apps/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: DaemonSetSpec
    status: DaemonSetStatus

class DaemonSetCondition(Object):
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class DaemonSetSpec(Object):
    minReadySeconds: Integer
    revisionHistoryLimit: Integer
    selector: LabelSelector
    template: PodTemplateSpec
    updateStrategy: DaemonSetUpdateStrategy

class DaemonSetStatus(Object):
    collisionCount: Integer
    conditions: List[DaemonSetCondition]
    currentNumberScheduled: Integer
    desiredNumberScheduled: Integer
    numberAvailable: Integer
    numberMisscheduled: Integer
    numberReady: Integer
    numberUnavailable: Integer
    observedGeneration: Integer
    updatedNumberScheduled: Integer

class DaemonSetUpdateStrategy(Object):
    rollingUpdate: RollingUpdateDaemonSet
    type: String

class Deployment(Object):
    """`apps/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: DeploymentSpec
    status: DeploymentStatus

class DeploymentCondition(Object):
    lastTransitionTime: String
    lastUpdateTime: String
    message: String
    reason: String
    status: String
    type: String

class DeploymentSpec(Object):
    minReadySeconds: Integer
    paused: Boolean
    progressDeadlineSeconds: Integer
    replicas: Integer
    revisionHistoryLimit: Integer
    selector: LabelSelector
    strategy: DeploymentStrategy
    template: PodTemplateSpec

class DeploymentStatus(Object):
    availableReplicas: Integer
    collisionCount: Integer
    conditions: List[DeploymentCondition]
    observedGeneration: Integer
    readyReplicas: Integer
    replicas: Integer
    terminatingReplicas: Integer
    unavailableReplicas: Integer
    updatedReplicas: Integer

class DeploymentStrategy(Object):
    rollingUpdate: RollingUpdateDeployment
    type: String

class Device(Object):
    allNodes: Boolean
    allowMultipleAllocations: Boolean
    attributes: Map[DeviceAttribute]
    bindingConditions: List[String]
    bindingFailureConditions: List[String]
    bindsToNode: Boolean
    capacity: Map[DeviceCapacity]
    consumesCounters: List[DeviceCounterConsumption]
    name: String
    nodeAllocatableResourceMappings: Map[NodeAllocatableResourceMapping]
    nodeAllocatableResources: Map[NodeAllocatableResource]
    nodeName: String
    nodeSelector: NodeSelector
    taints: List[DeviceTaint]

class DeviceAllocationConfiguration(Object):
    opaque: OpaqueDeviceConfiguration
    requests: List[String]
    source: String

class DeviceAllocationResult(Object):
    config: List[DeviceAllocationConfiguration]
    results: List[DeviceRequestAllocationResult]

class DeviceAttribute(Object):
    bool: Boolean
    bools: List[Boolean]
    int: Integer
    ints: List[Integer]
    string: String
    strings: List[String]
    version: String
    versions: List[String]

class DeviceCapacity(Object):
    requestPolicy: CapacityRequestPolicy
    value: Quantity

class DeviceClaim(Object):
    config: List[DeviceClaimConfiguration]
    constraints: List[DeviceConstraint]
    requests: List[DeviceRequest]

class DeviceClaimConfiguration(Object):
    opaque: OpaqueDeviceConfiguration
    requests: List[String]

class DeviceClass(Object):
    """`resource.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: DeviceClassSpec

class DeviceClassConfiguration(Object):
    opaque: OpaqueDeviceConfiguration

class DeviceClassSpec(Object):
    config: List[DeviceClassConfiguration]
    extendedResourceName: String
    selectors: List[DeviceSelector]

class DeviceConstraint(Object):
    distinctAttribute: String
    matchAttribute: String
    requests: List[String]

class DeviceCounterConsumption(Object):
    compatibilityGroups: List[String]
    counterSet: String
    counters: Map[Counter]

class DeviceDerivedAttribute(Object):
    expression: String
    name: String

class DeviceRequest(Object):
    exactly: ExactDeviceRequest
    firstAvailable: List[DeviceSubRequest]
    name: String

class DeviceRequestAllocationResult(Object):
    adminAccess: Boolean
    bindingConditions: List[String]
    bindingFailureConditions: List[String]
    consumedCapacity: Map[Quantity]
    device: String
    driver: String
    pool: String
    request: String
    shareID: String
    skipNodeOperations: List[String]
    tolerations: List[DeviceToleration]

class DeviceSelector(Object):
    cel: CELDeviceSelector

class DeviceSubRequest(Object):
    allocationMode: String
    capacity: CapacityRequirements
    count: Integer
    derivedAttributes: List[DeviceDerivedAttribute]
    deviceClassName: String
    name: String
    selectors: List[DeviceSelector]
    tolerations: List[DeviceToleration]

class DeviceTaint(Object):
    effect: String
    key: String
    timeAdded: String
    value: String

class DeviceTaintRule(Object):
    """`resource.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: DeviceTaintRuleSpec
    status: DeviceTaintRuleStatus

class DeviceTaintRuleSpec(Object):
    deviceSelector: DeviceTaintSelector
    taint: DeviceTaint

class DeviceTaintRuleStatus(Object):
    conditions: List[Condition]

class DeviceTaintSelector(Object):
    device: String
    driver: String
    pool: String

class DeviceToleration(Object):
    effect: String
    key: String
    operator: String
    tolerationSeconds: Integer
    value: String

class DiscoveryEndpointPort(Object):
    appProtocol: String
    name: String
    port: Integer
    protocol: String

class DownwardAPIProjection(Object):
    items: List[DownwardAPIVolumeFile]

class DownwardAPIVolumeFile(Object):
    fieldRef: ObjectFieldSelector
    mode: Integer
    path: String
    resourceFieldRef: ResourceFieldSelector
    user: Integer

class DownwardAPIVolumeSource(Object):
    defaultMode: Integer
    defaultUser: Integer
    items: List[DownwardAPIVolumeFile]

class EmptyDirVolumeSource(Object):
    medium: String
    mode: Integer
    sizeLimit: Quantity

class Endpoint(Object):
    addresses: List[String]
    conditions: EndpointConditions
    deprecatedTopology: Map[String]
    hints: EndpointHints
    hostname: String
    nodeName: String
    targetRef: ObjectReference
    zone: String

class EndpointAddress(Object):
    hostname: String
    ip: String
    nodeName: String
    targetRef: ObjectReference

class EndpointConditions(Object):
    ready: Boolean
    serving: Boolean
    terminating: Boolean

class EndpointHints(Object):
    forNodes: List[ForNode]
    forZones: List[ForZone]

class EndpointPort(Object):
    appProtocol: String
    name: String
    port: Integer
    protocol: String

class EndpointSlice(Object):
    """`discovery.k8s.io/v1`"""
    addressType: String
    apiVersion: String
    endpoints: List[Endpoint]
    kind: String
    metadata: ObjectMeta
    ports: List[DiscoveryEndpointPort]

class EndpointSubset(Object):
    addresses: List[EndpointAddress]
    notReadyAddresses: List[EndpointAddress]
    ports: List[EndpointPort]

class Endpoints(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    subsets: List[EndpointSubset]

class EnvFromSource(Object):
    configMapRef: ConfigMapEnvSource
    prefix: String
    secretRef: SecretEnvSource

class EnvVar(Object):
    name: String
    value: String
    valueFrom: EnvVarSource

class EnvVarSource(Object):
    configMapKeyRef: ConfigMapKeySelector
    fieldRef: ObjectFieldSelector
    fileKeyRef: FileKeySelector
    resourceFieldRef: ResourceFieldSelector
    secretKeyRef: SecretKeySelector

class EphemeralContainer(Object):
    args: List[String]
    command: List[String]
    env: List[EnvVar]
    envFrom: List[EnvFromSource]
    image: String
    imagePullPolicy: String
    lifecycle: Lifecycle
    livenessProbe: Probe
    name: String
    ports: List[ContainerPort]
    readinessProbe: Probe
    resizePolicy: List[ContainerResizePolicy]
    resources: ResourceRequirements
    restartPolicy: String
    restartPolicyRules: List[ContainerRestartRule]
    securityContext: SecurityContext
    startupProbe: Probe
    stdin: Boolean
    stdinOnce: Boolean
    targetContainerName: String
    terminationMessagePath: String
    terminationMessagePolicy: String
    tty: Boolean
    volumeDevices: List[VolumeDevice]
    volumeMounts: List[VolumeMount]
    workingDir: String

class EphemeralVolumeSource(Object):
    volumeClaimTemplate: PersistentVolumeClaimTemplate

class Event(Object):
    """`v1`"""
    action: String
    apiVersion: String
    count: Integer
    eventTime: String
    firstTimestamp: String
    involvedObject: ObjectReference
    kind: String
    lastTimestamp: String
    message: String
    metadata: ObjectMeta
    reason: String
    related: ObjectReference
    reportingComponent: String
    reportingInstance: String
    series: EventSeries
    source: EventSource
    type: String

class EventSeries(Object):
    count: Integer
    lastObservedTime: String

class EventSource(Object):
    component: String
    host: String

class EventsEvent(Object):
    """`events.k8s.io/v1`"""
    action: String
    apiVersion: String
    deprecatedCount: Integer
    deprecatedFirstTimestamp: String
    deprecatedLastTimestamp: String
    deprecatedSource: EventSource
    eventTime: String
    kind: String
    metadata: ObjectMeta
    note: String
    reason: String
    regarding: ObjectReference
    related: ObjectReference
    reportingController: String
    reportingInstance: String
    series: EventsEventSeries
    type: String

class EventsEventSeries(Object):
    count: Integer
    lastObservedTime: String

class EvictionResponder(Object):
    name: String
    priority: Integer

class ExactDeviceRequest(Object):
    adminAccess: Boolean
    allocationMode: String
    capacity: CapacityRequirements
    count: Integer
    derivedAttributes: List[DeviceDerivedAttribute]
    deviceClassName: String
    selectors: List[DeviceSelector]
    tolerations: List[DeviceToleration]

class ExecAction(Object):
    command: List[String]

class ExemptPriorityLevelConfiguration(Object):
    lendablePercent: Integer
    nominalConcurrencyShares: Integer

class ExpressionWarning(Object):
    fieldRef: String
    warning: String

class ExternalDocumentation(Object):
    description: String
    url: String

class ExternalMetricSource(Object):
    metric: MetricIdentifier
    target: MetricTarget

class ExternalMetricStatus(Object):
    current: MetricValueStatus
    metric: MetricIdentifier

class FCVolumeSource(Object):
    fsType: String
    lun: Integer
    readOnly: Boolean
    targetWWNs: List[String]
    wwids: List[String]

class FieldSelectorAttributes(Object):
    rawSelector: String
    requirements: List[FieldSelectorRequirement]

class FieldSelectorRequirement(Object):
    key: String
    operator: String
    values: List[String]

class FileKeySelector(Object):
    key: String
    optional: Boolean
    path: String
    volumeName: String

class FlexPersistentVolumeSource(Object):
    driver: String
    fsType: String
    options: Map[String]
    readOnly: Boolean
    secretRef: SecretReference

class FlexVolumeSource(Object):
    driver: String
    fsType: String
    options: Map[String]
    readOnly: Boolean
    secretRef: LocalObjectReference

class FlockerVolumeSource(Object):
    datasetName: String
    datasetUUID: String

class FlowDistinguisherMethod(Object):
    type: String

class FlowSchema(Object):
    """`flowcontrol.apiserver.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: FlowSchemaSpec
    status: FlowSchemaStatus

class FlowSchemaCondition(Object):
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class FlowSchemaSpec(Object):
    distinguisherMethod: FlowDistinguisherMethod
    matchingPrecedence: Integer
    priorityLevelConfiguration: PriorityLevelConfigurationReference
    rules: List[PolicyRulesWithSubjects]

class FlowSchemaStatus(Object):
    conditions: List[FlowSchemaCondition]

class FlowcontrolSubject(Object):
    group: GroupSubject
    kind: String
    serviceAccount: ServiceAccountSubject
    user: UserSubject

class ForNode(Object):
    name: String

class ForZone(Object):
    name: String

class GCEPersistentDiskVolumeSource(Object):
    fsType: String
    partition: Integer
    pdName: String
    readOnly: Boolean

class GRPCAction(Object):
    mode: String
    port: Integer
    service: String

class GitRepoVolumeSource(Object):
    directory: String
    repository: String
    revision: String

class GlusterfsPersistentVolumeSource(Object):
    endpoints: String
    endpointsNamespace: String
    path: String
    readOnly: Boolean

class GlusterfsVolumeSource(Object):
    endpoints: String
    path: String
    readOnly: Boolean

class GroupResource(Object):
    group: String
    resource: String

class GroupSubject(Object):
    name: String

class HPAScalingPolicy(Object):
    periodSeconds: Integer
    type: String
    value: Integer

class HPAScalingRules(Object):
    policies: List[HPAScalingPolicy]
    selectPolicy: String
    stabilizationWindowSeconds: Integer
    tolerance: Quantity

class HTTPGetAction(Object):
    host: String
    httpHeaders: List[HTTPHeader]
    path: String
    port: IntOrString
    protocol: String
    scheme: String

class HTTPHeader(Object):
    name: String
    value: String

class HTTPIngressPath(Object):
    backend: IngressBackend
    path: String
    pathType: String

class HTTPIngressRuleValue(Object):
    paths: List[HTTPIngressPath]

class HorizontalPodAutoscaler(Object):
    """`autoscaling/v2`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: HorizontalPodAutoscalerSpec
    status: HorizontalPodAutoscalerStatus

class HorizontalPodAutoscalerBehavior(Object):
    scaleDown: HPAScalingRules
    scaleUp: HPAScalingRules

class HorizontalPodAutoscalerCondition(Object):
    lastTransitionTime: String
    message: String
    observedGeneration: Integer
    reason: String
    status: String
    type: String

class HorizontalPodAutoscalerSpec(Object):
    behavior: HorizontalPodAutoscalerBehavior
    maxReplicas: Integer
    metrics: List[MetricSpec]
    minReplicas: Integer
    scaleTargetRef: CrossVersionObjectReference

class HorizontalPodAutoscalerSpecV1(Object):
    maxReplicas: Integer
    minReplicas: Integer
    scaleTargetRef: CrossVersionObjectReferenceV1
    targetCPUUtilizationPercentage: Integer

class HorizontalPodAutoscalerStatus(Object):
    conditions: List[HorizontalPodAutoscalerCondition]
    currentMetrics: List[MetricStatus]
    currentReplicas: Integer
    desiredReplicas: Integer
    lastScaleTime: String
    observedGeneration: Integer

class HorizontalPodAutoscalerStatusV1(Object):
    currentCPUUtilizationPercentage: Integer
    currentReplicas: Integer
    desiredReplicas: Integer
    lastScaleTime: String
    observedGeneration: Integer

class HorizontalPodAutoscalerV1(Object):
    """`autoscaling/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: HorizontalPodAutoscalerSpecV1
    status: HorizontalPodAutoscalerStatusV1

class HostAlias(Object):
    hostnames: List[String]
    ip: String

class HostIP(Object):
    ip: String

class HostPathVolumeSource(Object):
    path: String
    type: String

class IPAddress(Object):
    """`networking.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: IPAddressSpec

class IPAddressSpec(Object):
    parentRef: ParentReference

class IPBlock(Object):
    cidr: String

class ISCSIPersistentVolumeSource(Object):
    chapAuthDiscovery: Boolean
    chapAuthSession: Boolean
    fsType: String
    initiatorName: String
    iqn: String
    iscsiInterface: String
    lun: Integer
    portals: List[String]
    readOnly: Boolean
    secretRef: SecretReference
    targetPortal: String

class ISCSIVolumeSource(Object):
    chapAuthDiscovery: Boolean
    chapAuthSession: Boolean
    fsType: String
    initiatorName: String
    iqn: String
    iscsiInterface: String
    lun: Integer
    portals: List[String]
    readOnly: Boolean
    secretRef: LocalObjectReference
    targetPortal: String

class ImageVolumeSource(Object):
    pullPolicy: String
    reference: String

class ImageVolumeStatus(Object):
    imageRef: String

class Ingress(Object):
    """`networking.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: IngressSpec
    status: IngressStatus

class IngressBackend(Object):
    resource: TypedLocalObjectReference
    service: IngressServiceBackend

class IngressClass(Object):
    """`networking.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: IngressClassSpec

class IngressClassParametersReference(Object):
    apiGroup: String
    kind: String
    name: String
    namespace: String
    scope: String

class IngressClassSpec(Object):
    controller: String
    parameters: IngressClassParametersReference

class IngressLoadBalancerIngress(Object):
    hostname: String
    ip: String
    ports: List[IngressPortStatus]

class IngressLoadBalancerStatus(Object):
    ingress: List[IngressLoadBalancerIngress]

class IngressPortStatus(Object):
    error: String
    port: Integer
    protocol: String

class IngressRule(Object):
    host: String
    http: HTTPIngressRuleValue

class IngressServiceBackend(Object):
    name: String
    port: ServiceBackendPort

class IngressSpec(Object):
    defaultBackend: IngressBackend
    ingressClassName: String
    rules: List[IngressRule]
    tls: List[IngressTLS]

class IngressStatus(Object):
    loadBalancer: IngressLoadBalancerStatus

class IngressTLS(Object):
    hosts: List[String]
    secretName: String

class Issuer(Object):
    """`cert-manager.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: IssuerSpec
    status: Value

class IssuerSpec(Object):
    acme: AcmeIssuer
    ca: Value
    selfSigned: Value
    vault: VaultIssuer
    venafi: VenafiIssuer

class JSONPatch(Object):
    expression: String

class JSONSchemaProps(Object):
    additionalItems: Value
    additionalProperties: Value
    allOf: List[JSONSchemaProps]
    anyOf: List[JSONSchemaProps]
    default: Value
    definitions: Map[JSONSchemaProps]
    dependencies: Map[Value]
    description: String
    enum: List[Value]
    example: Value
    exclusiveMaximum: Boolean
    exclusiveMinimum: Boolean
    externalDocs: ExternalDocumentation
    format: String
    id: String
    items: Value
    maxItems: Integer
    maxLength: Integer
    maxProperties: Integer
    maximum: Number
    minItems: Integer
    minLength: Integer
    minProperties: Integer
    minimum: Number
    multipleOf: Number
    nullable: Boolean
    oneOf: List[JSONSchemaProps]
    pattern: String
    patternProperties: Map[JSONSchemaProps]
    properties: Map[JSONSchemaProps]
    required: List[String]
    title: String
    type: String
    uniqueItems: Boolean

class Job(Object):
    """`batch/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: JobSpec
    status: JobStatus

class JobCondition(Object):
    lastProbeTime: String
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class JobSchedulingConfiguration(Object):
    disruptionMode: WorkloadPodGroupDisruptionMode
    resourceClaims: List[WorkloadPodGroupResourceClaim]
    schedulingConstraints: WorkloadPodGroupSchedulingConstraints
    schedulingPolicy: WorkloadPodGroupSchedulingPolicy

class JobSpec(Object):
    activeDeadlineSeconds: Integer
    backoffLimit: Integer
    backoffLimitPerIndex: Integer
    completionMode: String
    completions: Integer
    managedBy: String
    manualSelector: Boolean
    maxFailedIndexes: Integer
    parallelism: Integer
    podFailurePolicy: PodFailurePolicy
    podReplacementPolicy: String
    scheduling: JobSchedulingConfiguration
    selector: LabelSelector
    successPolicy: SuccessPolicy
    suspend: Boolean
    template: PodTemplateSpec
    ttlSecondsAfterFinished: Integer

class JobStatus(Object):
    active: Integer
    completedIndexes: String
    completionTime: String
    conditions: List[JobCondition]
    failed: Integer
    failedIndexes: String
    ready: Integer
    startTime: String
    succeeded: Integer
    terminating: Integer
    uncountedTerminatedPods: UncountedTerminatedPods

class JobTemplateSpec(Object):
    metadata: ObjectMeta
    spec: JobSpec

class KeyToPath(Object):
    key: String
    mode: Integer
    path: String
    user: Integer

class LabelSelector(Object):
    matchExpressions: List[LabelSelectorRequirement]
    matchLabels: Map[String]

class LabelSelectorAttributes(Object):
    rawSelector: String
    requirements: List[LabelSelectorRequirement]

class LabelSelectorRequirement(Object):
    key: String
    operator: String
    values: List[String]

class Lease(Object):
    """`coordination.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: LeaseSpec

class LeaseSpec(Object):
    acquireTime: String
    holderIdentity: String
    leaseDurationSeconds: Integer
    leaseTransitions: Integer
    preferredHolder: String
    renewTime: String
    strategy: String

class Lifecycle(Object):
    postStart: LifecycleHandler
    preStop: LifecycleHandler
    stopSignal: String

class LifecycleHandler(Object):
    exec: ExecAction
    httpGet: HTTPGetAction
    sleep: SleepAction
    tcpSocket: TCPSocketAction

class LimitRange(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: LimitRangeSpec

class LimitRangeItem(Object):
    default: Map[Quantity]
    defaultRequest: Map[Quantity]
    max: Map[Quantity]
    maxLimitRequestRatio: Map[Quantity]
    min: Map[Quantity]
    type: String

class LimitRangeSpec(Object):
    limits: List[LimitRangeItem]

class LimitResponse(Object):
    queuing: QueuingConfiguration
    type: String

class LimitedPriorityLevelConfiguration(Object):
    borrowingLimitPercent: Integer
    lendablePercent: Integer
    limitResponse: LimitResponse
    nominalConcurrencyShares: Integer

class LinuxContainerUser(Object):
    gid: Integer
    supplementalGroups: List[Integer]
    uid: Integer

class LoadBalancerIngress(Object):
    hostname: String
    ip: String
    ipMode: String
    ports: List[PortStatus]

class LoadBalancerStatus(Object):
    ingress: List[LoadBalancerIngress]

class LocalObjectReference(Object):
    name: String

class LocalSubjectAccessReview(Object):
    """`authorization.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: SubjectAccessReviewSpec
    status: SubjectAccessReviewStatus

class LocalVolumeSource(Object):
    fsType: String
    path: String

class ManagedFieldsEntry(Object):
    apiVersion: String
    fieldsType: String
    fieldsV1: Value
    manager: String
    operation: String
    subresource: String
    time: String

class MatchCondition(Object):
    expression: String
    name: String

class MatchResources(Object):
    excludeResourceRules: List[NamedRuleWithOperations]
    matchPolicy: String
    namespaceSelector: LabelSelector
    objectSelector: LabelSelector
    resourceRules: List[NamedRuleWithOperations]

class MetricIdentifier(Object):
    name: String
    selector: LabelSelector

class MetricSpec(Object):
    containerResource: ContainerResourceMetricSource
    external: ExternalMetricSource
    object: ObjectMetricSource
    pods: PodsMetricSource
    resource: ResourceMetricSource
    type: String

class MetricStatus(Object):
    containerResource: ContainerResourceMetricStatus
    external: ExternalMetricStatus
    object: ObjectMetricStatus
    pods: PodsMetricStatus
    resource: ResourceMetricStatus
    type: String

class MetricTarget(Object):
    averageUtilization: Integer
    averageValue: Quantity
    type: String
    value: Quantity

class MetricValueStatus(Object):
    averageUtilization: Integer
    averageValue: Quantity
    value: Quantity

class ModifyVolumeStatus(Object):
    status: String
    targetVolumeAttributesClassName: String

class MutatingAdmissionPolicy(Object):
    """`admissionregistration.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: MutatingAdmissionPolicySpec

class MutatingAdmissionPolicyBinding(Object):
    """`admissionregistration.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: MutatingAdmissionPolicyBindingSpec

class MutatingAdmissionPolicyBindingSpec(Object):
    matchResources: MatchResources
    paramRef: ParamRef
    policyName: String

class MutatingAdmissionPolicySpec(Object):
    failurePolicy: String
    matchConditions: List[MatchCondition]
    matchConstraints: MatchResources
    mutations: List[Mutation]
    paramKind: ParamKind
    reinvocationPolicy: String
    variables: List[Variable]

class MutatingWebhook(Object):
    admissionReviewVersions: List[String]
    clientConfig: AdmissionregistrationWebhookClientConfig
    failurePolicy: String
    matchConditions: List[MatchCondition]
    matchPolicy: String
    name: String
    namespaceSelector: LabelSelector
    objectSelector: LabelSelector
    reinvocationPolicy: String
    rules: List[RuleWithOperations]
    sideEffects: String
    timeoutSeconds: Integer

class MutatingWebhookConfiguration(Object):
    """`admissionregistration.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    webhooks: List[MutatingWebhook]

class Mutation(Object):
    applyConfiguration: ApplyConfiguration
    jsonPatch: JSONPatch
    patchType: String

class NFSVolumeSource(Object):
    path: String
    readOnly: Boolean
    server: String

class NamedRuleWithOperations(Object):
    apiGroups: List[String]
    apiVersions: List[String]
    operations: List[String]
    resourceNames: List[String]
    resources: List[String]
    scope: String

class Namespace(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: NamespaceSpec
    status: NamespaceStatus

class NamespaceCondition(Object):
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class NamespaceSpec(Object):
    finalizers: List[String]

class NamespaceStatus(Object):
    conditions: List[NamespaceCondition]
    phase: String

class NetworkDeviceData(Object):
    hardwareAddress: String
    interfaceName: String
    ips: List[String]

class NetworkPolicy(Object):
    """`networking.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: NetworkPolicySpec
    status: NetworkPolicyStatus

class NetworkPolicyEgressRule(Object):
    ports: List[NetworkPolicyPort]
    to: List[NetworkPolicyPeer]

class NetworkPolicyIngressRule(Object):
    ports: List[NetworkPolicyPort]

class NetworkPolicyPeer(Object):
    ipBlock: IPBlock
    namespaceSelector: LabelSelector
    podSelector: LabelSelector

class NetworkPolicyPort(Object):
    endPort: Integer
    port: IntOrString
    protocol: String

class NetworkPolicySpec(Object):
    egress: List[NetworkPolicyEgressRule]
    ingress: List[NetworkPolicyIngressRule]
    podSelector: LabelSelector
    policyTypes: List[String]

class NetworkPolicyStatus(Object):
    conditions: List[Condition]

class Node(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: NodeSpec
    status: NodeStatus

class NodeAddress(Object):
    address: String
    type: String

class NodeAffinity(Object):
    preferredDuringSchedulingIgnoredDuringExecution: List[PreferredSchedulingTerm]
    requiredDuringSchedulingIgnoredDuringExecution: NodeSelector

class NodeAllocatableMappedResources(Object):
    name: String
    quantity: Quantity

class NodeAllocatableMapping(Object):
    capacityKey: String
    capacityMultiplier: Quantity
    deviceMultiplier: Quantity

class NodeAllocatableOverhead(Object):
    perContainer: Quantity
    perPod: Quantity

class NodeAllocatableOverheadResources(Object):
    name: String
    perContainer: Quantity
    perPod: Quantity

class NodeAllocatableResource(Object):
    mapping: NodeAllocatableMapping
    overhead: NodeAllocatableOverhead

class NodeAllocatableResourceClaimStatus(Object):
    containers: List[String]
    mapping: List[NodeAllocatableMappedResources]
    overhead: List[NodeAllocatableOverheadResources]
    resourceClaimName: String
    resources: Map[Quantity]

class NodeAllocatableResourceMapping(Object):
    allocationMultiplier: Quantity
    capacityKey: String

class NodeCondition(Object):
    lastHeartbeatTime: String
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class NodeConfigSource(Object):
    configMap: ConfigMapNodeConfigSource

class NodeConfigStatus(Object):
    active: NodeConfigSource
    assigned: NodeConfigSource
    error: String
    lastKnownGood: NodeConfigSource

class NodeDaemonEndpoints(Object):
    kubeletEndpoint: DaemonEndpoint

class NodeFeatures(Object):
    supplementalGroupsPolicy: Boolean

class NodePodPreemptionPolicy(Object):
    disableResizePreemption: List[String]

class NodeRuntimeHandler(Object):
    features: NodeRuntimeHandlerFeatures
    name: String

class NodeRuntimeHandlerFeatures(Object):
    recursiveReadOnlyMounts: Boolean
    userNamespaces: Boolean

class NodeSelector(Object):
    nodeSelectorTerms: List[NodeSelectorTerm]

class NodeSelectorRequirement(Object):
    key: String
    operator: String
    values: List[String]

class NodeSelectorTerm(Object):
    matchExpressions: List[NodeSelectorRequirement]
    matchFields: List[NodeSelectorRequirement]

class NodeSpec(Object):
    configSource: NodeConfigSource
    externalID: String
    podCIDR: String
    podCIDRs: List[String]
    podPreemptionPolicy: NodePodPreemptionPolicy
    providerID: String
    taints: List[Taint]
    unschedulable: Boolean

class NodeStatus(Object):
    addresses: List[NodeAddress]
    allocatable: Map[Quantity]
    capacity: Map[Quantity]
    conditions: List[NodeCondition]
    config: NodeConfigStatus
    daemonEndpoints: NodeDaemonEndpoints
    declaredFeatures: List[String]
    features: NodeFeatures
    images: List[ContainerImage]
    nodeInfo: NodeSystemInfo
    phase: String
    runtimeHandlers: List[NodeRuntimeHandler]
    volumesAttached: List[AttachedVolume]
    volumesInUse: List[String]

class NodeSwapStatus(Object):
    capacity: Integer

class NodeSystemInfo(Object):
    architecture: String
    bootID: String
    containerRuntimeVersion: String
    kernelVersion: String
    kubeProxyVersion: String
    kubeletVersion: String
    machineID: String
    operatingSystem: String
    osImage: String
    runningInUserNamespace: Boolean
    swap: NodeSwapStatus
    systemUUID: String

class NonResourceAttributes(Object):
    path: String
    verb: String

class NonResourcePolicyRule(Object):
    nonResourceURLs: List[String]
    verbs: List[String]

class NonResourceRule(Object):
    nonResourceURLs: List[String]
    verbs: List[String]

class ObjectFieldSelector(Object):
    apiVersion: String
    fieldPath: String

class ObjectMeta(Object):
    annotations: Map[String]
    creationTimestamp: String
    deletionGracePeriodSeconds: Integer
    deletionTimestamp: String
    finalizers: List[String]
    generateName: String
    generation: Integer
    labels: Map[String]
    managedFields: List[ManagedFieldsEntry]
    name: String
    namespace: String
    ownerReferences: List[OwnerReference]
    resourceVersion: String
    selfLink: String
    uid: String

class ObjectMetricSource(Object):
    describedObject: CrossVersionObjectReference
    metric: MetricIdentifier
    target: MetricTarget

class ObjectMetricStatus(Object):
    current: MetricValueStatus
    describedObject: CrossVersionObjectReference
    metric: MetricIdentifier

class ObjectReference(Object):
    apiVersion: String
    fieldPath: String
    kind: String
    name: String
    namespace: String
    resourceVersion: String
    uid: String

class OpaqueDeviceConfiguration(Object):
    driver: String
    parameters: Value

class Overhead(Object):
    podFixed: Map[Quantity]

class OwnerReference(Object):
    apiVersion: String
    blockOwnerDeletion: Boolean
    controller: Boolean
    kind: String
    name: String
    uid: String

class ParamKind(Object):
    apiVersion: String
    kind: String

class ParamRef(Object):
    name: String
    namespace: String
    parameterNotFoundAction: String
    selector: LabelSelector

class ParentReference(Object):
    group: String
    name: String
    namespace: String
    resource: String

class PersistentVolume(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: PersistentVolumeSpec
    status: PersistentVolumeStatus

class PersistentVolumeClaim(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: PersistentVolumeClaimSpec
    status: PersistentVolumeClaimStatus

class PersistentVolumeClaimCondition(Object):
    lastProbeTime: String
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class PersistentVolumeClaimSpec(Object):
    accessModes: List[String]
    dataSource: TypedLocalObjectReference
    dataSourceRef: TypedObjectReference
    resources: VolumeResourceRequirements
    selector: LabelSelector
    storageClassName: String
    volumeAttributesClassName: String
    volumeMode: String
    volumeName: String

class PersistentVolumeClaimStatus(Object):
    accessModes: List[String]
    allocatedResourceStatuses: Map[String]
    allocatedResources: Map[Quantity]
    capacity: Map[Quantity]
    conditions: List[PersistentVolumeClaimCondition]
    currentVolumeAttributesClassName: String
    healthStatus: VolumeHealthStatus
    modifyVolumeStatus: ModifyVolumeStatus
    phase: String
    resizeStatus: String

class PersistentVolumeClaimTemplate(Object):
    metadata: ObjectMeta
    spec: PersistentVolumeClaimSpec

class PersistentVolumeClaimVolumeSource(Object):
    claimName: String
    readOnly: Boolean

class PersistentVolumeSpec(Object):
    accessModes: List[String]
    awsElasticBlockStore: AWSElasticBlockStoreVolumeSource
    azureDisk: AzureDiskVolumeSource
    azureFile: AzureFilePersistentVolumeSource
    capacity: Map[Quantity]
    cephfs: CephFSPersistentVolumeSource
    cinder: CinderPersistentVolumeSource
    claimRef: ObjectReference
    csi: CSIPersistentVolumeSource
    fc: FCVolumeSource
    flexVolume: FlexPersistentVolumeSource
    flocker: FlockerVolumeSource
    gcePersistentDisk: GCEPersistentDiskVolumeSource
    glusterfs: GlusterfsPersistentVolumeSource
    hostPath: HostPathVolumeSource
    iscsi: ISCSIPersistentVolumeSource
    local: LocalVolumeSource
    mountOptions: List[String]
    nfs: NFSVolumeSource
    nodeAffinity: VolumeNodeAffinity
    persistentVolumeReclaimPolicy: String
    photonPersistentDisk: PhotonPersistentDiskVolumeSource
    portworxVolume: PortworxVolumeSource
    quobyte: QuobyteVolumeSource
    rbd: RBDPersistentVolumeSource
    scaleIO: ScaleIOPersistentVolumeSource
    storageClassName: String
    storageos: StorageOSPersistentVolumeSource
    volumeAttributesClassName: String
    volumeMode: String
    vsphereVolume: VsphereVirtualDiskVolumeSource

class PersistentVolumeStatus(Object):
    lastPhaseTransitionTime: String
    message: String
    phase: String
    reason: String

class PhotonPersistentDiskVolumeSource(Object):
    fsType: String
    pdID: String

class Pod(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: PodSpec
    status: PodStatus

class PodAffinity(Object):
    preferredDuringSchedulingIgnoredDuringExecution: List[WeightedPodAffinityTerm]
    requiredDuringSchedulingIgnoredDuringExecution: List[PodAffinityTerm]

class PodAffinityTerm(Object):
    labelSelector: LabelSelector
    matchLabelKeys: List[String]
    mismatchLabelKeys: List[String]
    namespaceSelector: LabelSelector
    namespaces: List[String]
    topologyKey: String

class PodAntiAffinity(Object):
    preferredDuringSchedulingIgnoredDuringExecution: List[WeightedPodAffinityTerm]
    requiredDuringSchedulingIgnoredDuringExecution: List[PodAffinityTerm]

class PodCertificateProjection(Object):
    certificateChainPath: String
    credentialBundlePath: String
    keyPath: String
    keyType: String
    maxExpirationSeconds: Integer
    signerName: String
    user: Integer
    userAnnotations: Map[String]

class PodCertificateRequest(Object):
    """`certificates.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: PodCertificateRequestSpec
    status: PodCertificateRequestStatus

class PodCertificateRequestSpec(Object):
    maxExpirationSeconds: Integer
    nodeName: String
    nodeUID: String
    podName: String
    podUID: String
    serviceAccountName: String
    serviceAccountUID: String
    signerName: String
    stubPKCS10Request: String
    unverifiedUserAnnotations: Map[String]

class PodCertificateRequestStatus(Object):
    beginRefreshAt: String
    certificateChain: String
    conditions: List[Condition]
    notAfter: String
    notBefore: String

class PodCondition(Object):
    lastProbeTime: String
    lastTransitionTime: String
    message: String
    observedGeneration: Integer
    reason: String
    status: String
    type: String

class PodDNSConfig(Object):
    nameservers: List[String]
    options: List[PodDNSConfigOption]
    searches: List[String]

class PodDNSConfigOption(Object):
    name: String
    value: String

class PodDisruptionBudget(Object):
    """`policy/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: PodDisruptionBudgetSpec
    status: PodDisruptionBudgetStatus

class PodDisruptionBudgetSpec(Object):
    maxUnavailable: IntOrString
    minAvailable: IntOrString
    selector: LabelSelector
    unhealthyPodEvictionPolicy: String

class PodDisruptionBudgetStatus(Object):
    conditions: List[Condition]
    currentHealthy: Integer
    desiredHealthy: Integer
    disruptedPods: Map[String]
    disruptionsAllowed: Integer
    expectedPods: Integer
    observedGeneration: Integer

class PodExtendedResourceClaimStatus(Object):
    requestMappings: List[ContainerExtendedResourceRequest]
    resourceClaimName: String

class PodFailurePolicy(Object):
    rules: List[PodFailurePolicyRule]

class PodFailurePolicyOnExitCodesRequirement(Object):
    containerName: String
    operator: String
    values: List[Integer]

class PodFailurePolicyOnPodConditionsPattern(Object):
    status: String
    type: String

class PodFailurePolicyRule(Object):
    action: String
    onExitCodes: PodFailurePolicyOnExitCodesRequirement
    onPodConditions: List[PodFailurePolicyOnPodConditionsPattern]

class PodIP(Object):
    ip: String

class PodOS(Object):
    name: String

class PodReadinessGate(Object):
    conditionType: String

class PodResourceClaim(Object):
    name: String
    resourceClaimName: String
    resourceClaimTemplateName: String
    source: ClaimSource

class PodResourceClaimStatus(Object):
    name: String
    resourceClaimName: String

class PodSchedulingGate(Object):
    name: String

class PodSchedulingGroup(Object):
    podGroupName: String

class PodSecurityContext(Object):
    appArmorProfile: AppArmorProfile
    fsGroup: Integer
    fsGroupChangePolicy: String
    runAsGroup: Integer
    runAsNonRoot: Boolean
    runAsUser: Integer
    seLinuxChangePolicy: String
    seLinuxOptions: SELinuxOptions
    seccompProfile: SeccompProfile
    supplementalGroups: List[Integer]
    supplementalGroupsPolicy: String
    sysctls: List[Sysctl]
    windowsOptions: WindowsSecurityContextOptions

class PodSpec(Object):
    activeDeadlineSeconds: Integer
    affinity: Affinity
    automountServiceAccountToken: Boolean
    containers: List[Container]
    dnsConfig: PodDNSConfig
    dnsPolicy: String
    enableServiceLinks: Boolean
    ephemeralContainers: List[EphemeralContainer]
    evictionResponders: List[EvictionResponder]
    hostAliases: List[HostAlias]
    hostIPC: Boolean
    hostNetwork: Boolean
    hostPID: Boolean
    hostUsers: Boolean
    hostname: String
    hostnameOverride: String
    imagePullSecrets: List[LocalObjectReference]
    initContainers: List[Container]
    nodeName: String
    nodeSelector: Map[String]
    os: PodOS
    overhead: Map[Quantity]
    preemptionPolicy: String
    priority: Integer
    priorityClassName: String
    readinessGates: List[PodReadinessGate]
    resourceClaims: List[PodResourceClaim]
    resources: ResourceRequirements
    restartPolicy: String
    runtimeClassName: String
    schedulerName: String
    schedulingGates: List[PodSchedulingGate]
    schedulingGroup: PodSchedulingGroup
    securityContext: PodSecurityContext
    serviceAccount: String
    serviceAccountName: String
    setHostnameAsFQDN: Boolean
    shareProcessNamespace: Boolean
    subdomain: String
    terminationGracePeriodSeconds: Integer
    tolerations: List[Toleration]
    topologySpreadConstraints: List[TopologySpreadConstraint]
    volumes: List[Volume]
    workloadRef: WorkloadReference

class PodStatus(Object):
    allocatedResources: Map[Quantity]
    conditions: List[PodCondition]
    containerStatuses: List[ContainerStatus]
    ephemeralContainerStatuses: List[ContainerStatus]
    extendedResourceClaimStatus: PodExtendedResourceClaimStatus
    hostIP: String
    hostIPs: List[HostIP]
    initContainerStatuses: List[ContainerStatus]
    message: String
    nodeAllocatableResourceClaimStatuses: List[NodeAllocatableResourceClaimStatus]
    nominatedNodeName: String
    observedGeneration: Integer
    phase: String
    podIP: String
    podIPs: List[PodIP]
    qosClass: String
    reason: String
    resize: String
    resourceClaimStatuses: List[PodResourceClaimStatus]
    resources: ResourceRequirements
    startTime: String
    volumeHealth: List[PodVolumeHealth]

class PodTemplate(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    template: PodTemplateSpec

class PodTemplateSpec(Object):
    metadata: ObjectMeta
    spec: PodSpec

class PodVolumeHealth(Object):
    healthConditions: List[VolumeHealthCondition]
    lastTransitionTime: String
    name: String

class PodsMetricSource(Object):
    metric: MetricIdentifier
    target: MetricTarget

class PodsMetricStatus(Object):
    current: MetricValueStatus
    metric: MetricIdentifier

class PolicyRule(Object):
    apiGroups: List[String]
    nonResourceURLs: List[String]
    resourceNames: List[String]
    resources: List[String]
    verbs: List[String]

class PolicyRulesWithSubjects(Object):
    nonResourceRules: List[NonResourcePolicyRule]
    resourceRules: List[ResourcePolicyRule]
    subjects: List[FlowcontrolSubject]

class PortStatus(Object):
    error: String
    port: Integer
    protocol: String

class PortworxVolumeSource(Object):
    fsType: String
    readOnly: Boolean
    volumeID: String

class PreferredSchedulingTerm(Object):
    preference: NodeSelectorTerm
    weight: Integer

class PriorityClass(Object):
    """`scheduling.k8s.io/v1`"""
    apiVersion: String
    description: String
    globalDefault: Boolean
    kind: String
    metadata: ObjectMeta
    preemptionPolicy: String
    value: Integer

class PriorityLevelConfiguration(Object):
    """`flowcontrol.apiserver.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: PriorityLevelConfigurationSpec
    status: PriorityLevelConfigurationStatus

class PriorityLevelConfigurationCondition(Object):
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class PriorityLevelConfigurationReference(Object):
    name: String

class PriorityLevelConfigurationSpec(Object):
    exempt: ExemptPriorityLevelConfiguration
    limited: LimitedPriorityLevelConfiguration
    type: String

class PriorityLevelConfigurationStatus(Object):
    conditions: List[PriorityLevelConfigurationCondition]

class Probe(Object):
    exec: ExecAction
    failureThreshold: Integer
    grpc: GRPCAction
    httpGet: HTTPGetAction
    initialDelaySeconds: Integer
    periodSeconds: Integer
    successThreshold: Integer
    tcpSocket: TCPSocketAction
    terminationGracePeriodSeconds: Integer
    timeoutSeconds: Integer

class ProjectedVolumeSource(Object):
    defaultMode: Integer
    defaultUser: Integer
    sources: List[VolumeProjection]

class QueuingConfiguration(Object):
    handSize: Integer
    queueLengthLimit: Integer
    queues: Integer

class QuobyteVolumeSource(Object):
    group: String
    readOnly: Boolean
    registry: String
    tenant: String
    user: String
    volume: String

class RBDPersistentVolumeSource(Object):
    fsType: String
    image: String
    keyring: String
    monitors: List[String]
    pool: String
    readOnly: Boolean
    secretRef: SecretReference
    user: String

class RBDVolumeSource(Object):
    fsType: String
    image: String
    keyring: String
    monitors: List[String]
    pool: String
    readOnly: Boolean
    secretRef: LocalObjectReference
    user: String

class RbacSubject(Object):
    apiGroup: String
    kind: String
    name: String
    namespace: String

class ReplicaSet(Object):
    """`apps/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ReplicaSetSpec
    status: ReplicaSetStatus

class ReplicaSetCondition(Object):
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class ReplicaSetSpec(Object):
    minReadySeconds: Integer
    replicas: Integer
    selector: LabelSelector
    template: PodTemplateSpec

class ReplicaSetStatus(Object):
    availableReplicas: Integer
    conditions: List[ReplicaSetCondition]
    fullyLabeledReplicas: Integer
    observedGeneration: Integer
    readyReplicas: Integer
    replicas: Integer
    terminatingReplicas: Integer

class ReplicationController(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ReplicationControllerSpec
    status: ReplicationControllerStatus

class ReplicationControllerCondition(Object):
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class ReplicationControllerSpec(Object):
    minReadySeconds: Integer
    replicas: Integer
    selector: Map[String]
    template: PodTemplateSpec

class ReplicationControllerStatus(Object):
    availableReplicas: Integer
    conditions: List[ReplicationControllerCondition]
    fullyLabeledReplicas: Integer
    observedGeneration: Integer
    readyReplicas: Integer
    replicas: Integer

class ResourceAttributes(Object):
    fieldSelector: FieldSelectorAttributes
    group: String
    labelSelector: LabelSelectorAttributes
    name: String
    namespace: String
    resource: String
    subresource: String
    verb: String
    version: String

class ResourceClaim(Object):
    """`resource.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ResourceClaimSpec
    status: ResourceClaimStatus

class ResourceClaimConsumerReference(Object):
    apiGroup: String
    name: String
    resource: String
    uid: String

class ResourceClaimSpec(Object):
    devices: DeviceClaim

class ResourceClaimStatus(Object):
    allocation: AllocationResult
    devices: List[AllocatedDeviceStatus]
    reservedFor: List[ResourceClaimConsumerReference]

class ResourceClaimTemplate(Object):
    """`resource.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ResourceClaimTemplateSpec

class ResourceClaimTemplateSpec(Object):
    metadata: ObjectMeta
    spec: ResourceClaimSpec

class ResourceFieldSelector(Object):
    containerName: String
    divisor: Quantity
    resource: String

class ResourceHealth(Object):
    health: String
    message: String
    resourceID: String

class ResourceMetricSource(Object):
    name: String
    target: MetricTarget

class ResourceMetricStatus(Object):
    current: MetricValueStatus
    name: String

class ResourcePolicyRule(Object):
    apiGroups: List[String]
    clusterScope: Boolean
    namespaces: List[String]
    resources: List[String]
    verbs: List[String]

class ResourcePool(Object):
    generation: Integer
    name: String
    resourceSliceCount: Integer

class ResourceQuota(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ResourceQuotaSpec
    status: ResourceQuotaStatus

class ResourceQuotaSpec(Object):
    hard: Map[Quantity]
    scopeSelector: ScopeSelector
    scopes: List[String]

class ResourceQuotaStatus(Object):
    hard: Map[Quantity]
    used: Map[Quantity]

class ResourceRequirements(Object):
    claims: List[CoreResourceClaim]
    limits: Map[Quantity]
    requests: Map[Quantity]

class ResourceRule(Object):
    apiGroups: List[String]
    resourceNames: List[String]
    resources: List[String]
    verbs: List[String]

class ResourceSlice(Object):
    """`resource.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ResourceSliceSpec

class ResourceSliceSpec(Object):
    allNodes: Boolean
    devices: List[Device]
    driver: String
    nodeName: String
    nodeSelector: NodeSelector
    partitionTypeAttribute: String
    perDeviceNodeSelection: Boolean
    pool: ResourcePool
    sharedCounters: List[CounterSet]
    skipNodeOperations: List[String]

class ResourceStatus(Object):
    name: String
    resources: List[ResourceHealth]

class Role(Object):
    """`rbac.authorization.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    rules: List[PolicyRule]

class RoleBinding(Object):
    """`rbac.authorization.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    roleRef: RoleRef
    subjects: List[RbacSubject]

class RoleRef(Object):
    apiGroup: String
    kind: String
    name: String

class RollingUpdateDaemonSet(Object):
    maxSurge: IntOrString
    maxUnavailable: IntOrString

class RollingUpdateDeployment(Object):
    maxSurge: IntOrString
    maxUnavailable: IntOrString

class RollingUpdateStatefulSetStrategy(Object):
    maxUnavailable: IntOrString
    partition: Integer

class RuleWithOperations(Object):
    apiGroups: List[String]
    apiVersions: List[String]
    operations: List[String]
    resources: List[String]
    scope: String

class RuntimeClass(Object):
    """`node.k8s.io/v1`"""
    apiVersion: String
    handler: String
    kind: String
    metadata: ObjectMeta
    overhead: Overhead
    scheduling: Scheduling

class SELinuxOptions(Object):
    level: String
    role: String
    type: String
    user: String

class ScaleIOPersistentVolumeSource(Object):
    fsType: String
    gateway: String
    protectionDomain: String
    readOnly: Boolean
    secretRef: SecretReference
    sslEnabled: Boolean
    storageMode: String
    storagePool: String
    system: String
    volumeName: String

class ScaleIOVolumeSource(Object):
    fsType: String
    gateway: String
    protectionDomain: String
    readOnly: Boolean
    secretRef: LocalObjectReference
    sslEnabled: Boolean
    storageMode: String
    storagePool: String
    system: String
    volumeName: String

class Scheduling(Object):
    nodeSelector: Map[String]
    tolerations: List[Toleration]

class ScopeSelector(Object):
    matchExpressions: List[ScopedResourceSelectorRequirement]

class ScopedResourceSelectorRequirement(Object):
    operator: String
    scopeName: String
    values: List[String]

class SeccompProfile(Object):
    localhostProfile: String
    type: String

class Secret(Object):
    """`v1`"""
    apiVersion: String
    data: Map[String]
    immutable: Boolean
    kind: String
    metadata: ObjectMeta
    stringData: Map[String]
    type: String

class SecretEnvSource(Object):
    name: String
    optional: Boolean

class SecretKeySelector(Object):
    key: String
    name: String
    optional: Boolean

class SecretProjection(Object):
    items: List[KeyToPath]
    name: String
    optional: Boolean

class SecretReference(Object):
    name: String
    namespace: String

class SecretVolumeSource(Object):
    defaultMode: Integer
    defaultUser: Integer
    items: List[KeyToPath]
    optional: Boolean
    secretName: String

class SecurityContext(Object):
    allowPrivilegeEscalation: Boolean
    appArmorProfile: AppArmorProfile
    capabilities: Capabilities
    privileged: Boolean
    procMount: String
    readOnlyRootFilesystem: Boolean
    runAsGroup: Integer
    runAsNonRoot: Boolean
    runAsUser: Integer
    seLinuxOptions: SELinuxOptions
    seccompProfile: SeccompProfile
    windowsOptions: WindowsSecurityContextOptions

class SelectableField(Object):
    jsonPath: String

class SelfSubjectAccessReview(Object):
    """`authorization.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: SelfSubjectAccessReviewSpec
    status: SubjectAccessReviewStatus

class SelfSubjectAccessReviewSpec(Object):
    nonResourceAttributes: NonResourceAttributes
    resourceAttributes: ResourceAttributes

class SelfSubjectReview(Object):
    """`authentication.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    status: SelfSubjectReviewStatus

class SelfSubjectReviewStatus(Object):
    userInfo: UserInfo

class SelfSubjectRulesReview(Object):
    """`authorization.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: SelfSubjectRulesReviewSpec
    status: SubjectRulesReviewStatus

class SelfSubjectRulesReviewSpec(Object):
    namespace: String

class Service(Object):
    """`v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ServiceSpec
    status: ServiceStatus

class ServiceAccount(Object):
    """`v1`"""
    apiVersion: String
    automountServiceAccountToken: Boolean
    imagePullSecrets: List[LocalObjectReference]
    kind: String
    metadata: ObjectMeta
    secrets: List[ObjectReference]

class ServiceAccountSubject(Object):
    name: String
    namespace: String

class ServiceAccountTokenProjection(Object):
    audience: String
    expirationSeconds: Integer
    path: String
    user: Integer

class ServiceBackendPort(Object):
    name: String
    number: Integer

class ServiceCIDR(Object):
    """`networking.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ServiceCIDRSpec
    status: ServiceCIDRStatus

class ServiceCIDRSpec(Object):
    cidrs: List[String]

class ServiceCIDRStatus(Object):
    conditions: List[Condition]

class ServicePort(Object):
    appProtocol: String
    name: String
    nodePort: Integer
    port: Integer
    protocol: String
    targetPort: IntOrString

class ServiceSpec(Object):
    allocateLoadBalancerNodePorts: Boolean
    clusterIP: String
    clusterIPs: List[String]
    externalIPs: List[String]
    externalName: String
    externalTrafficPolicy: String
    healthCheckNodePort: Integer
    internalTrafficPolicy: String
    ipFamilies: List[String]
    ipFamilyPolicy: String
    loadBalancerClass: String
    loadBalancerIP: String
    loadBalancerSourceRanges: List[String]
    ports: List[ServicePort]
    publishNotReadyAddresses: Boolean
    selector: Map[String]
    sessionAffinity: String
    sessionAffinityConfig: SessionAffinityConfig
    trafficDistribution: String
    type: String

class ServiceStatus(Object):
    conditions: List[Condition]
    loadBalancer: LoadBalancerStatus

class SessionAffinityConfig(Object):
    clientIP: ClientIPConfig

class SleepAction(Object):
    seconds: Integer

class StatefulSet(Object):
    """`apps/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: StatefulSetSpec
    status: StatefulSetStatus

class StatefulSetCondition(Object):
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    type: String

class StatefulSetOrdinals(Object):
    start: Integer

class StatefulSetPersistentVolumeClaimRetentionPolicy(Object):
    whenDeleted: String
    whenScaled: String

class StatefulSetSpec(Object):
    minReadySeconds: Integer
    ordinals: StatefulSetOrdinals
    persistentVolumeClaimRetentionPolicy: StatefulSetPersistentVolumeClaimRetentionPolicy
    podManagementPolicy: String
    replicas: Integer
    revisionHistoryLimit: Integer
    selector: LabelSelector
    serviceName: String
    template: PodTemplateSpec
    updateStrategy: StatefulSetUpdateStrategy
    volumeClaimTemplates: List[PersistentVolumeClaim]

class StatefulSetStatus(Object):
    availableReplicas: Integer
    collisionCount: Integer
    conditions: List[StatefulSetCondition]
    currentReplicas: Integer
    currentRevision: String
    observedGeneration: Integer
    readyReplicas: Integer
    replicas: Integer
    updateRevision: String
    updatedReplicas: Integer

class StatefulSetUpdateStrategy(Object):
    rollingUpdate: RollingUpdateStatefulSetStrategy
    type: String

class StorageClass(Object):
    """`storage.k8s.io/v1`"""
    allowVolumeExpansion: Boolean
    allowedTopologies: List[TopologySelectorTerm]
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    mountOptions: List[String]
    parameters: Map[String]
    provisioner: String
    reclaimPolicy: String
    volumeBindingMode: String

class StorageHealth(Object):
    healthConditions: List[StorageHealthCondition]
    name: String

class StorageHealthCondition(Object):
    accessMode: String
    lastTransitionTime: String
    message: String
    reason: String
    status: String
    volumeMode: String

class StorageOSPersistentVolumeSource(Object):
    fsType: String
    readOnly: Boolean
    secretRef: ObjectReference
    volumeName: String
    volumeNamespace: String

class StorageOSVolumeSource(Object):
    fsType: String
    readOnly: Boolean
    secretRef: LocalObjectReference
    volumeName: String
    volumeNamespace: String

class StorageVersionMigration(Object):
    """`storagemigration.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: StorageVersionMigrationSpec
    status: StorageVersionMigrationStatus

class StorageVersionMigrationSpec(Object):
    resource: GroupResource

class StorageVersionMigrationStatus(Object):
    conditions: List[Condition]
    resourceVersion: String

class SubjectAccessReview(Object):
    """`authorization.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: SubjectAccessReviewSpec
    status: SubjectAccessReviewStatus

class SubjectAccessReviewSpec(Object):
    extra: Map[List[String]]
    groups: List[String]
    nonResourceAttributes: NonResourceAttributes
    resourceAttributes: ResourceAttributes
    uid: String
    user: String

class SubjectAccessReviewStatus(Object):
    allowed: Boolean
    denied: Boolean
    evaluationError: String
    reason: String

class SubjectRulesReviewStatus(Object):
    evaluationError: String
    incomplete: Boolean
    nonResourceRules: List[NonResourceRule]
    resourceRules: List[ResourceRule]

class SuccessPolicy(Object):
    rules: List[SuccessPolicyRule]

class SuccessPolicyRule(Object):
    succeededCount: Integer
    succeededIndexes: String

class Sysctl(Object):
    name: String
    value: String

class TCPSocketAction(Object):
    host: String
    port: IntOrString

class Taint(Object):
    effect: String
    key: String
    timeAdded: String
    value: String

class TokenRequest(Object):
    audience: String
    expirationSeconds: Integer

class TokenReview(Object):
    """`authentication.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: TokenReviewSpec
    status: TokenReviewStatus

class TokenReviewSpec(Object):
    audiences: List[String]
    token: String

class TokenReviewStatus(Object):
    audiences: List[String]
    authenticated: Boolean
    error: String
    user: UserInfo

class Toleration(Object):
    effect: String
    key: String
    operator: String
    tolerationSeconds: Integer
    value: String

class TopologyConstraint(Object):
    key: String

class TopologySelectorLabelRequirement(Object):
    key: String
    values: List[String]

class TopologySelectorTerm(Object):
    matchLabelExpressions: List[TopologySelectorLabelRequirement]

class TopologySpreadConstraint(Object):
    labelSelector: LabelSelector
    matchLabelKeys: List[String]
    maxSkew: Integer
    minDomains: Integer
    nodeAffinityPolicy: String
    nodeTaintsPolicy: String
    topologyKey: String
    whenUnsatisfiable: String

class TypeChecking(Object):
    expressionWarnings: List[ExpressionWarning]

class TypedLocalObjectReference(Object):
    apiGroup: String
    kind: String
    name: String

class TypedObjectReference(Object):
    apiGroup: String
    kind: String
    name: String
    namespace: String

class UncountedTerminatedPods(Object):
    failed: List[String]
    succeeded: List[String]

class UserInfo(Object):
    extra: Map[List[String]]
    groups: List[String]
    uid: String
    username: String

class UserSubject(Object):
    name: String

class ValidatingAdmissionPolicy(Object):
    """`admissionregistration.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ValidatingAdmissionPolicySpec
    status: ValidatingAdmissionPolicyStatus

class ValidatingAdmissionPolicyBinding(Object):
    """`admissionregistration.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: ValidatingAdmissionPolicyBindingSpec

class ValidatingAdmissionPolicyBindingSpec(Object):
    matchResources: MatchResources
    paramRef: ParamRef
    policyName: String
    validationActions: List[String]

class ValidatingAdmissionPolicySpec(Object):
    auditAnnotations: List[AuditAnnotation]
    failurePolicy: String
    matchConditions: List[MatchCondition]
    matchConstraints: MatchResources
    paramKind: ParamKind
    validations: List[Validation]
    variables: List[Variable]

class ValidatingAdmissionPolicyStatus(Object):
    conditions: List[Condition]
    observedGeneration: Integer
    typeChecking: TypeChecking

class ValidatingWebhook(Object):
    admissionReviewVersions: List[String]
    clientConfig: AdmissionregistrationWebhookClientConfig
    failurePolicy: String
    matchConditions: List[MatchCondition]
    matchPolicy: String
    name: String
    namespaceSelector: LabelSelector
    objectSelector: LabelSelector
    rules: List[RuleWithOperations]
    sideEffects: String
    timeoutSeconds: Integer

class ValidatingWebhookConfiguration(Object):
    """`admissionregistration.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    webhooks: List[ValidatingWebhook]

class Validation(Object):
    expression: String
    message: String
    messageExpression: String
    reason: String

class ValidationRule(Object):
    fieldPath: String
    message: String
    messageExpression: String
    optionalOldSelf: Boolean
    reason: String
    rule: String

class ValuesAcmesolver(Object):
    image: ValuesImage
    runtimeClassName: String

class ValuesCainjector(Object):
    affinity: Map[Value]
    automountServiceAccountToken: Boolean
    config: Map[Value]
    containerSecurityContext: Map[Value]
    deploymentAnnotations: Map[Value]
    enableServiceLinks: Boolean
    enabled: Boolean
    extraArgs: List[String]
    extraEnv: List[Value]
    featureGates: String
    image: ValuesImage
    networkPolicy: ValuesNetworkPolicy
    nodeSelector: Map[Value]
    podAnnotations: Map[Value]
    podDisruptionBudget: ValuesPodDisruptionBudget
    podLabels: Map[Value]
    replicaCount: Integer
    resources: Map[Value]
    runtimeClassName: String
    securityContext: Map[Value]
    serviceAccount: ValuesServiceAccount
    serviceAnnotations: Map[Value]
    serviceLabels: Map[Value]
    strategy: Map[Value]
    tolerations: List[Value]
    topologySpreadConstraints: List[Value]
    volumeMounts: List[VolumeMount]
    volumes: List[Volume]

class ValuesCrds(Object):
    enabled: Boolean
    keep: Boolean

class ValuesGlobal(Object):
    commonLabels: Map[Value]
    hostUsers: Boolean
    imagePullSecrets: List[Value]
    leaderElection: ValuesLeaderElection
    logLevel: Number
    nodeSelector: Map[Value]
    podSecurityPolicy: ValuesPodSecurityPolicy
    priorityClassName: String
    rbac: ValuesGlobalRbac
    revisionHistoryLimit: Number
    runtimeClassName: String

class ValuesGlobalRbac(Object):
    aggregateClusterRoles: Boolean
    create: Boolean

class ValuesImage(Object):
    digest: String
    name: String
    pullPolicy: String
    registry: String
    repository: String
    tag: String

class ValuesIngressShim(Object):
    defaultIssuerGroup: String
    defaultIssuerKind: String
    defaultIssuerName: String

class ValuesLeaderElection(Object):
    leaseDuration: String
    namespace: String
    renewDeadline: String
    retryPeriod: String

class ValuesMonitor(Object):
    annotations: Map[Value]
    enabled: Boolean
    endpointAdditionalProperties: Map[Value]
    honorLabels: Boolean
    interval: String
    labels: Map[Value]
    namespace: String
    prometheusInstance: String
    scrapeTimeout: String

class ValuesNetworkPolicy(Object):
    egress: List[Value]
    enabled: Boolean
    ingress: List[Value]

class ValuesPodDisruptionBudget(Object):
    enabled: Boolean
    maxUnavailable: IntOrString
    minAvailable: IntOrString
    unhealthyPodEvictionPolicy: String

class ValuesPodSecurityPolicy(Object):
    enabled: Boolean
    useAppArmor: Boolean

class ValuesPrometheus(Object):
    enabled: Boolean
    podmonitor: ValuesMonitor
    servicemonitor: ValuesMonitor

class ValuesServiceAccount(Object):
    annotations: Map[Value]
    automountServiceAccountToken: Boolean
    create: Boolean
    labels: Map[Value]
    name: String

class ValuesStartupapicheck(Object):
    affinity: Map[Value]
    automountServiceAccountToken: Boolean
    backoffLimit: Number
    containerSecurityContext: Map[Value]
    enableServiceLinks: Boolean
    enabled: Boolean
    extraArgs: List[String]
    extraEnv: List[Value]
    image: ValuesImage
    jobAnnotations: Map[Value]
    nodeSelector: Map[Value]
    podAnnotations: Map[Value]
    podLabels: Map[Value]
    rbac: ValuesStartupapicheckRbac
    resources: Map[Value]
    runtimeClassName: String
    securityContext: Map[Value]
    serviceAccount: ValuesServiceAccount
    timeout: String
    tolerations: List[Value]
    ttlSecondsAfterFinished: Value
    volumeMounts: List[VolumeMount]
    volumes: List[Volume]

class ValuesStartupapicheckRbac(Object):
    annotations: Map[Value]

class ValuesWebhook(Object):
    affinity: Map[Value]
    apiserverClientCertSubjects: String
    automountServiceAccountToken: Boolean
    clientCAFile: String
    config: Map[Value]
    containerSecurityContext: Map[Value]
    deploymentAnnotations: Map[Value]
    enableClientVerification: Boolean
    enableServiceLinks: Boolean
    extraArgs: List[String]
    extraEnv: List[Value]
    featureGates: String
    hostNetwork: Boolean
    image: ValuesImage
    livenessProbe: Map[Value]
    loadBalancerIP: String
    mutatingWebhookConfiguration: ValuesWebhookConfiguration
    mutatingWebhookConfigurationAnnotations: Map[Value]
    networkPolicy: ValuesNetworkPolicy
    nodeSelector: Map[Value]
    podAnnotations: Map[Value]
    podDisruptionBudget: ValuesPodDisruptionBudget
    podLabels: Map[Value]
    readinessProbe: Map[Value]
    replicaCount: Integer
    resources: Map[Value]
    runtimeClassName: String
    securePort: Number
    securityContext: Map[Value]
    serviceAccount: ValuesServiceAccount
    serviceAnnotations: Map[Value]
    serviceIPFamilies: List[Value]
    serviceIPFamilyPolicy: String
    serviceLabels: Map[Value]
    serviceType: String
    strategy: Map[Value]
    timeoutSeconds: Number
    tolerations: List[Value]
    topologySpreadConstraints: List[Value]
    url: Map[Value]
    validatingWebhookConfiguration: ValuesWebhookConfiguration
    validatingWebhookConfigurationAnnotations: Map[Value]
    volumeMounts: List[VolumeMount]
    volumes: List[Volume]

class ValuesWebhookConfiguration(Object):
    namespaceSelector: Map[Value]

class Variable(Object):
    expression: String
    name: String

class VaultIssuer(Object):
    auth: Value
    namespace: String
    path: String
    server: String
    serverName: String

class VenafiCloud(Object):
    apiTokenSecretRef: Value
    url: String

class VenafiIssuer(Object):
    cloud: VenafiCloud
    tpp: VenafiTPP
    zone: String

class VenafiTPP(Object):
    caBundle: String
    credentialsRef: Value
    url: String

class Volume(Object):
    awsElasticBlockStore: AWSElasticBlockStoreVolumeSource
    azureDisk: AzureDiskVolumeSource
    azureFile: AzureFileVolumeSource
    cephfs: CephFSVolumeSource
    cinder: CinderVolumeSource
    configMap: ConfigMapVolumeSource
    csi: CSIVolumeSource
    downwardAPI: DownwardAPIVolumeSource
    emptyDir: EmptyDirVolumeSource
    ephemeral: EphemeralVolumeSource
    fc: FCVolumeSource
    flexVolume: FlexVolumeSource
    flocker: FlockerVolumeSource
    gcePersistentDisk: GCEPersistentDiskVolumeSource
    gitRepo: GitRepoVolumeSource
    glusterfs: GlusterfsVolumeSource
    hostPath: HostPathVolumeSource
    image: ImageVolumeSource
    iscsi: ISCSIVolumeSource
    name: String
    nfs: NFSVolumeSource
    persistentVolumeClaim: PersistentVolumeClaimVolumeSource
    photonPersistentDisk: PhotonPersistentDiskVolumeSource
    portworxVolume: PortworxVolumeSource
    projected: ProjectedVolumeSource
    quobyte: QuobyteVolumeSource
    rbd: RBDVolumeSource
    scaleIO: ScaleIOVolumeSource
    secret: SecretVolumeSource
    storageos: StorageOSVolumeSource
    vsphereVolume: VsphereVirtualDiskVolumeSource

class VolumeAttachment(Object):
    """`storage.k8s.io/v1`"""
    apiVersion: String
    kind: String
    metadata: ObjectMeta
    spec: VolumeAttachmentSpec
    status: VolumeAttachmentStatus

class VolumeAttachmentSource(Object):
    inlineVolumeSpec: PersistentVolumeSpec
    persistentVolumeName: String

class VolumeAttachmentSpec(Object):
    attacher: String
    nodeName: String
    source: VolumeAttachmentSource

class VolumeAttachmentStatus(Object):
    attachError: VolumeError
    attached: Boolean
    attachmentMetadata: Map[String]
    detachError: VolumeError

class VolumeAttributesClass(Object):
    """`storage.k8s.io/v1`"""
    apiVersion: String
    driverName: String
    kind: String
    metadata: ObjectMeta
    parameters: Map[String]

class VolumeDevice(Object):
    devicePath: String
    name: String

class VolumeError(Object):
    errorCode: Integer
    message: String
    time: String

class VolumeHealthCondition(Object):
    message: String
    reason: String
    status: String

class VolumeHealthStatus(Object):
    healthConditions: List[VolumeHealthCondition]
    lastTransitionTime: String

class VolumeMount(Object):
    bindMountOptions: List[String]
    mountPath: String
    mountPropagation: String
    name: String
    readOnly: Boolean
    recursiveReadOnly: String
    subPath: String
    subPathExpr: String

class VolumeMountStatus(Object):
    mountPath: String
    name: String
    readOnly: Boolean
    recursiveReadOnly: String
    volumeStatus: VolumeStatus

class VolumeNodeAffinity(Object):
    required: NodeSelector

class VolumeNodeResources(Object):
    count: Integer

class VolumeProjection(Object):
    clusterTrustBundle: ClusterTrustBundleProjection
    configMap: ConfigMapProjection
    downwardAPI: DownwardAPIProjection
    podCertificate: PodCertificateProjection
    secret: SecretProjection
    serviceAccountToken: ServiceAccountTokenProjection

class VolumeResourceRequirements(Object):
    limits: Map[Quantity]
    requests: Map[Quantity]

class VolumeStatus(Object):
    image: ImageVolumeStatus

class VsphereVirtualDiskVolumeSource(Object):
    fsType: String
    storagePolicyID: String
    storagePolicyName: String
    volumePath: String

class WebhookConversion(Object):
    clientConfig: ApiextensionsWebhookClientConfig
    conversionReviewVersions: List[String]

class WeightedPodAffinityTerm(Object):
    podAffinityTerm: PodAffinityTerm
    weight: Integer

class WindowsSecurityContextOptions(Object):
    gmsaCredentialSpec: String
    gmsaCredentialSpecName: String
    hostProcess: Boolean
    runAsUserName: String

class WorkloadPodGroupDisruptionMode(Object):
    all: Value
    single: Value

class WorkloadPodGroupGangSchedulingPolicy(Object):
    minCount: Integer

class WorkloadPodGroupResourceClaim(Object):
    name: String
    resourceClaimName: String
    resourceClaimTemplateName: String

class WorkloadPodGroupSchedulingConstraints(Object):
    topology: List[TopologyConstraint]

class WorkloadPodGroupSchedulingPolicy(Object):
    basic: Value
    gang: WorkloadPodGroupGangSchedulingPolicy

class WorkloadReference(Object):
    name: String
    podGroup: String
    podGroupReplicaKey: String
