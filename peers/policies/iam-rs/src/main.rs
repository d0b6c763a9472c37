//! Decides one case a line with the crate iam-rs: `{"policies": […], "principal", "action", "resource", "context"}` in,
//! `allowed`, `denied` or `error …` out.

use std::io::{self, BufRead, Write};

use iam_rs::{evaluate_policies, Arn, Context, ContextValue, Decision, IAMPolicy, IAMRequest, Principal, PrincipalId};
use serde_json::Value;

fn main() {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = match line.map_err(|e| e.to_string()).and_then(|text| decide(&text)) {
            Ok(true) => "allowed".to_string(),
            Ok(false) => "denied".to_string(),
            Err(reason) => format!("error {}", reason.replace('\n', " ")),
        };
        writeln!(out, "{answer}").and_then(|()| out.flush()).expect("stdout");
    }
}

fn decide(text: &str) -> Result<bool, String> {
    let case: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let text_of = |field: &str| case[field].as_str().unwrap_or_default().to_string();
    let policies: Vec<IAMPolicy> = serde_json::from_value(case["policies"].clone()).map_err(|e| e.to_string())?;
    let mut context = Context::new();
    for (key, value) in case["context"].as_object().into_iter().flatten() {
        let value = match value {
            Value::Array(all) => ContextValue::StringList(all.iter().filter_map(|v| v.as_str().map(String::from)).collect()),
            other => typed(other.as_str().unwrap_or_default()),
        };
        context.insert(key.clone(), value);
    }
    let resource = Arn::parse(&text_of("resource")).map_err(|e| format!("{e:?}"))?;
    let principal = Principal::Aws(PrincipalId::String(text_of("principal")));
    let request = IAMRequest::new_with_context(principal, text_of("action"), resource, context);
    let decision = evaluate_policies(&policies, &request).map_err(|e| format!("{e:?}"))?;
    Ok(matches!(decision, Decision::Allow))
}

/// The crate compares values of types; a request of AWS has texts.
fn typed(text: &str) -> ContextValue {
    match text {
        "true" => ContextValue::Boolean(true),
        "false" => ContextValue::Boolean(false),
        _ => ContextValue::String(text.to_string()),
    }
}
