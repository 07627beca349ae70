//! Manifests of Karpenter, EKS Auto Mode and nodeadm, and user data.

use eksnet::{
    declared::{self, Ec2NodeClass},
    expression::{of_class, of_node_configs, of_pool},
    instance::BUILTIN,
};

/// What is declared is the same twice, its types are in the table, and what it sets is asked or refused with a hint.
pub(super) fn manifest(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let read = || declared::read("x.yaml", text).map_err(|error| error.to_string());
    let first = read();
    let Ok(declared) = &first else {
        assert_eq!(format!("{first:?}"), format!("{:?}", read()), "read twice");
        return;
    };
    assert_eq!(format!("{first:?}"), format!("{:?}", read()), "read twice");
    let class_of = |name: &str| -> Option<&Ec2NodeClass> {
        declared.ec2_node_classes.iter().find(|class| class.name == name)
    };
    for pool in &declared.node_pools {
        let types = pool.types(&BUILTIN).types;
        assert!(types.iter().all(|one| BUILTIN.get(&one.instance_type).is_some()));
        let class = pool.node_class.as_ref().and_then(|named| class_of(&named.name));
        if let Err(error) = of_pool(pool, class, "x") {
            assert!(!error.text.is_empty() && !error.hint.is_empty(), "{error:?}");
        }
    }
    for class in &declared.ec2_node_classes {
        let _asked = of_class(class, "x");
    }
    let _asked = of_node_configs(&declared.node_configs, "x");
}
