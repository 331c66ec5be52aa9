"""What a real cluster does with what cmpolicy writes: etcd, kube-apiserver and the engines' controllers, on loopback."""
