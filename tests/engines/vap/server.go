package main

import (
	"context"

	v1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/policy/generic"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
)

type hook = validating.PolicyHook

// server is the API server's admission plugin, with a dispatcher that listens in on its evaluators.
type server struct {
	plugin   *validating.Plugin
	dispatch *listening
	objects  admission.ObjectInterfaces
}

// start compiles the policies as the API server does for policies in a folder of its own.
func start(folder string, loaded *manifests) (*server, error) {
	failClosed(loaded.policies)
	started := &server{
		dispatch: &listening{},
		// No resource has an equivalent in another version: an object is judged in the version that it comes in.
		objects: admission.NewObjectInterfacesFromScheme(runtime.NewScheme()),
	}
	started.plugin = &validating.Plugin{Plugin: generic.NewPlugin(
		admission.NewHandler(admission.Create, admission.Update, admission.Delete),
		func(informers.SharedInformerFactory, kubernetes.Interface, dynamic.Interface, meta.RESTMapper) generic.Source[hook] {
			return noneStored{}
		},
		func(authz authorizer.UnconditionalAuthorizer, matcher *matching.Matcher, _ kubernetes.Interface) generic.Dispatcher[hook] {
			started.dispatch.Dispatcher = validating.NewDispatcher(authz, generic.NewPolicyMatcher(matcher))
			return started.dispatch
		},
	)}
	return started, initialize(started.plugin, folder, loaded)
}

// failClosed makes errors show. Under "Ignore" the server drops those of match conditions and bindings without a trace.
func failClosed(policies []*v1.ValidatingAdmissionPolicy) {
	fail := v1.Fail
	for _, policy := range policies {
		policy.Spec.FailurePolicy = &fail
	}
}

// initialize gives the plugin all it asks for. The clients are empty: only a missing namespace or a parameter is looked up.
func initialize(plugin *validating.Plugin, folder string, loaded *manifests) error {
	client := &kubernetes.Clientset{}
	plugin.SetEnabled(true)
	plugin.SetExternalKubeClientSet(client)
	plugin.SetExternalKubeInformerFactory(informers.NewSharedInformerFactory(client, 0))
	plugin.SetDynamicClient(&dynamic.DynamicClient{})
	plugin.SetRESTMapper(meta.NewDefaultRESTMapper(nil))
	plugin.SetUnconditionalAuthorizer(authorizerfactory.NewAlwaysDenyAuthorizer())
	plugin.SetMatcher(matching.NewMatcher(everyNamespace{}, client))
	plugin.SetStaticManifestsDir(folder)
	plugin.SetManifestLoaders(&initializer.ManifestLoaders{LoadValidatingPolicyManifests: loaded.give})
	// It is stopped from the start, so that it does not watch the folder.
	stopped := make(chan struct{})
	close(stopped)
	plugin.SetDrainedNotification(stopped)
	if err := plugin.ValidateInitialization(); err != nil {
		return err
	}
	plugin.SetReadyFunc(func() bool { return true })
	return nil
}

// give is the plugin's reader of a folder. Its hash says that nothing changes.
func (m *manifests) give(string) ([]*v1.ValidatingAdmissionPolicy, []*v1.ValidatingAdmissionPolicyBinding, string, error) {
	return m.policies, m.bindings, "read once", nil
}

// noneStored is the source of the policies that the API server has stored.
type noneStored struct{}

func (noneStored) Hooks() []hook             { return nil }
func (noneStored) Run(context.Context) error { return nil }
func (noneStored) HasSynced() bool           { return true }

// everyNamespace has every namespace, with the label that the API server sets.
type everyNamespace struct{ corelisters.NamespaceLister }

// Get implements corelisters.NamespaceLister.
func (everyNamespace) Get(name string) (*corev1.Namespace, error) {
	labels := map[string]string{corev1.LabelMetadataName: name}
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}, nil
}
