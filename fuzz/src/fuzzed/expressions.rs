//! Expressions of max pods.

use eksnet::{
    expression::{Compiled, Dialect, Purpose, Variables},
    instance::BUILTIN,
};

/// Expressions, in each dialect: one that does not compile says why, and one that does comes to the same twice.
pub(super) fn expression(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    for dialect in Dialect::ALL {
        let compiled = match Compiled::new(text, dialect) {
            Ok(compiled) => compiled,
            Err(error) => {
                assert!(!error.reason.is_empty() && !error.hint.is_empty(), "{error:?}");
                continue;
            }
        };
        let types = ["m5.large", "i7ie.48xlarge", "c5a.metal"].map(|name| {
            Variables::of(dialect, &BUILTIN, BUILTIN.get(name).expect("is in the table"), 0)
        });
        let found = compiled.evaluate(Purpose::MaxPods, &types).expect("there is memory");
        assert_eq!(found.len(), types.len());
        assert_eq!(found, compiled.evaluate(Purpose::MaxPods, &types).expect("there is memory"));
    }
}
