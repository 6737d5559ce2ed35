//! What an answer to a batch creation means (chapters 14.1 and 15 of the protocol; page 4012458841).

use crate::outcome::{Answer, Next, Outcome, Verdict};

/// What became of `POST /v3/transfer/batches`, and what may be done next. It never allows a new number.
#[must_use]
pub fn create(answer: Answer<'_>) -> Verdict {
    use Next::{FixAndResend, Human, Query, RetrySameNumber, Wait};
    use Outcome::{Accepted, Rejected, Unknown};

    let (outcome, next) = match (answer.status, answer.code) {
        (Some(200..=299), _) if answer.verified => (Accepted, Query),
        (None | Some(200..=299), _) => (Unknown, Query),
        (Some(429), Some("QUOTA_EXCEED")) => (Unknown, Wait),
        // Four spellings of "too fast" exist; the status counts.
        (Some(429), _)
        | (_, Some("FREQUENCY_LIMITED" | "FREQUENCY_LIMIT" | "FREQUENCY_LIMIT_EXCEED" | "RATELIMIT_EXCEEDED")) => {
            (Unknown, RetrySameNumber)
        }
        (Some(500..=599), Some("SYSTEM_ERROR")) => (Unknown, RetrySameNumber),
        (Some(500..=599), _) => (Unknown, Query),
        (Some(400), Some("PARAM_ERROR")) => (Rejected, FixAndResend),
        (Some(401), Some("SIGN_ERROR" | "APPID_MCHID_NOT_MATCH")) | (Some(403), Some("NO_AUTH")) => {
            (Rejected, FixAndResend)
        }
        (Some(403), Some("NOT_ENOUGH")) => (Rejected, RetrySameNumber),
        (Some(403), Some("ACCOUNTERROR")) => (Rejected, Human),
        // INVALID_REQUEST too: it is also said when the number exists with other content, or is too old, and then its batch may be paid.
        _ => (Unknown, Query),
    };
    Verdict::new(outcome, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_its_verdict_and_none_allows_a_new_number() {
        use Next::{FixAndResend, Human, Query, RetrySameNumber, Wait};
        use Outcome::{Accepted, Rejected, Unknown};
        let cases = [
            (None, None, false, Unknown, Query),
            (Some(200), None, true, Accepted, Query),
            (Some(200), None, false, Unknown, Query),
            (Some(302), None, false, Unknown, Query),
            (Some(400), Some("PARAM_ERROR"), false, Rejected, FixAndResend),
            (Some(400), Some("INVALID_REQUEST"), false, Unknown, Query),
            (Some(400), Some("SOMETHING_NEW"), false, Unknown, Query),
            (Some(400), None, false, Unknown, Query),
            (Some(401), Some("SIGN_ERROR"), false, Rejected, FixAndResend),
            (Some(401), Some("APPID_MCHID_NOT_MATCH"), false, Rejected, FixAndResend),
            (Some(403), Some("NO_AUTH"), false, Rejected, FixAndResend),
            (Some(403), Some("NOT_ENOUGH"), false, Rejected, RetrySameNumber),
            (Some(403), Some("ACCOUNTERROR"), false, Rejected, Human),
            (Some(404), None, false, Unknown, Query),
            (Some(429), Some("QUOTA_EXCEED"), false, Unknown, Wait),
            (Some(429), Some("FREQUENCY_LIMITED"), false, Unknown, RetrySameNumber),
            (Some(429), None, false, Unknown, RetrySameNumber),
            (Some(500), Some("SYSTEM_ERROR"), false, Unknown, RetrySameNumber),
            (Some(502), None, false, Unknown, Query),
        ];
        for (status, code, verified, outcome, next) in cases {
            assert_eq!(
                create(Answer { status, code, verified, ..Answer::default() }),
                Verdict::new(outcome, next),
                "{status:?} {code:?}"
            );
        }
    }
}
