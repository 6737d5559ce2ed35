//! What an answer to a creation means (chapters 9.3 to 9.5 of the protocol).

use crate::outcome::{Answer, Next, Outcome, Verdict};

/// What became of `POST /v1/batch_transfers` or `POST /v1/transfers`, and what may be done next. It never allows a new number.
///
/// `verified` is false only where a platform key is configured and the reply does not verify with it: Ping++ leaves that check to the merchant.
#[must_use]
pub fn create(answer: Answer<'_>) -> Verdict {
    use Next::{FixAndResend, Human, Query, RetrySameNumber};
    use Outcome::{Accepted, Rejected, Unknown};

    let (outcome, next) = match (answer.status, answer.code) {
        (Some(200..=299), _) if answer.verified => (Accepted, Query),
        (None | Some(200..=299), _) => (Unknown, Query),
        // The concurrency limit is 403 in the reference and 429 in two SDKs.
        (Some(403 | 429), _) => (Unknown, RetrySameNumber),
        // An objection to a number: it was well-formed when it left, so an earlier try of ours may have used it. Which code says so for a
        // batch is not published.
        (Some(400 | 402), _) if answer.param.is_some_and(is_about_a_number) => (Unknown, Query),
        (Some(400 | 402), Some(code)) if code.starts_with("channel_") || code.starts_with("transfer_") => channel(code),
        // The number was used: by an earlier try of ours, perhaps.
        (Some(400 | 402), Some("charge_order_no_used")) => (Unknown, Query),
        // The channel cannot be asked, which does not say that it was not told to pay: a person has to give the permission and look.
        (Some(400 | 402), Some("query_right_error")) => (Unknown, Human),
        // It says what of the request is wrong, and that is no number. Any other objection may be to a number that was used.
        (Some(400), _) if answer.param.is_some() => (Rejected, FixAndResend),
        // A page says who stands in between, and nothing of what Ping++ did.
        (Some(401 | 404), _) if answer.formed => (Rejected, FixAndResend),
        _ => (Unknown, Query),
    };
    Verdict::new(outcome, next)
}

/// `batch_no`, `recipients[0].order_no` and the like.
fn is_about_a_number(param: &str) -> bool {
    let mut names = param.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    names.any(|name| matches!(name, "batch_no" | "order_no"))
}

/// Codes that come from the channel behind Ping++ (9.4).
fn channel(code: &str) -> (Outcome, Next) {
    use Next::{FixAndResend, Human, Query, RetrySameNumber};
    use Outcome::{Rejected, Unknown};

    match code {
        // "Call again with the same number, only one payment will be sent": whether this call sent one is not said.
        "transfer_system_busy" => (Unknown, RetrySameNumber),
        // Somebody has to confirm at a URL; until then it is neither paid nor refused, and another try would ask twice.
        "transfer_wait_operation" => (Unknown, Human),
        // The channel said something that only its message explains.
        "channel_response_code_fail" | "channel_request_info" => (Unknown, Human),
        "channel_parameter_error"
        | "channel_auth_error"
        | "channel_parameters_consistency_error"
        | "channel_not_support_transfer" => (Rejected, FixAndResend),
        // Connection, request, parse, sign and unexpected errors of the channel, and what comes later: query first.
        _ => (Unknown, Query),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_its_verdict_and_none_allows_a_new_number() {
        use Next::{FixAndResend, Human, Query, RetrySameNumber};
        use Outcome::{Accepted, Rejected, Unknown};
        let cases = [
            (None, None, true, Unknown, Query),
            (Some(200), None, true, Accepted, Query),
            (Some(200), None, false, Unknown, Query),
            (Some(302), None, true, Unknown, Query),
            (Some(400), None, true, Unknown, Query),
            (Some(400), None, false, Unknown, Query),
            (Some(400), Some("charge_order_no_used"), true, Unknown, Query),
            (Some(400), Some("something_new"), true, Unknown, Query),
            (Some(400), Some("channel_connection_error"), true, Unknown, Query),
            (Some(401), None, true, Rejected, FixAndResend),
            (Some(402), None, true, Unknown, Query),
            (Some(402), Some("something_new"), true, Unknown, Query),
            (Some(402), Some("transfer_system_busy"), true, Unknown, RetrySameNumber),
            (Some(402), Some("transfer_wait_operation"), true, Unknown, Human),
            (Some(402), Some("transfer_something_new"), true, Unknown, Query),
            (Some(402), Some("channel_connection_error"), true, Unknown, Query),
            (Some(402), Some("channel_request_error"), true, Unknown, Query),
            (Some(402), Some("channel_parse_error"), true, Unknown, Query),
            (Some(402), Some("channel_sign_error"), true, Unknown, Query),
            (Some(402), Some("channel_unexpected_error"), true, Unknown, Query),
            (Some(402), Some("channel_response_code_fail"), true, Unknown, Human),
            (Some(402), Some("channel_request_info"), true, Unknown, Human),
            (Some(402), Some("channel_parameter_error"), true, Rejected, FixAndResend),
            (Some(402), Some("channel_auth_error"), true, Rejected, FixAndResend),
            (Some(402), Some("channel_parameters_consistency_error"), true, Rejected, FixAndResend),
            (Some(402), Some("channel_not_support_transfer"), true, Rejected, FixAndResend),
            (Some(402), Some("query_right_error"), true, Unknown, Human),
            (Some(403), None, true, Unknown, RetrySameNumber),
            (Some(404), None, true, Rejected, FixAndResend),
            (Some(429), None, true, Unknown, RetrySameNumber),
            (Some(500), Some("transfer_system_busy"), true, Unknown, Query),
            (Some(502), None, true, Unknown, Query),
            (Some(504), None, true, Unknown, Query),
        ];
        for (status, code, verified, outcome, next) in cases {
            assert_eq!(
                create(Answer { status, code, param: None, formed: true, verified }),
                Verdict::new(outcome, next),
                "{status:?} {code:?}"
            );
        }
    }

    #[test]
    fn an_objection_to_a_number_is_not_a_refusal() {
        let outcome = |status, param| {
            create(Answer { status: Some(status), param: Some(param), formed: true, ..Answer::default() }).outcome
        };
        for param in ["batch_no", "order_no", "recipients[0].order_no", "recipients[0][order_no]"] {
            assert_eq!(outcome(400, param), Outcome::Unknown, "{param}");
        }
        for param in ["amount", "batch_no_x", "reorder_no"] {
            assert_eq!(outcome(400, param), Outcome::Rejected, "{param}");
        }
        assert_eq!(outcome(401, "batch_no"), Outcome::Rejected);
    }

    #[test]
    fn a_page_of_somebody_in_between_is_no_refusal() {
        for status in [400, 401, 404] {
            let page = Answer { status: Some(status), ..Answer::default() };
            assert_eq!(create(page), Verdict::new(Outcome::Unknown, Next::Query), "{status}");
        }
    }
}
