package org.donotanswer.classifier.hub;

import org.donotanswer.classifier.chat.RetryAfter;
import org.jspecify.annotations.Nullable;

/** Turns an answer that is none into an error that says what to do. */
final class StatusCheck {
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private StatusCheck() {}

    /** What was asked for; {@code file} is null if it was the list of files. */
    record Target(String repository, String revision, @Nullable String file) {
        @Override
        public String toString() {
            return (file == null ? "" : file + " of ") + "repository " + repository + " at revision " + revision;
        }
    }

    static void requireOk(HubHttp.HubResponse answer, Target wanted, HubUrls urls, boolean tokenGiven)
            throws HubException, TransientHubException {
        int status = answer.status();
        if (status == OK) {
            return;
        }
        answer.close();
        String where = " (" + HubUrls.shown(answer.url()) + ")";
        String code = answer.headerOnTheWay("X-Error-Code").orElse("");
        if (!urls.isAtEndpoint(answer.url())) {
            // A content network's refusal says nothing about the token, which it never saw.
            code = "";
        } else if (status == UNAUTHORIZED || status == FORBIDDEN) {
            throw new HubException(refusal(wanted, urls, tokenGiven, status, code) + where);
        }
        if (status == NOT_FOUND) {
            throw new HubException(absence(wanted, code) + where);
        }
        HubException failure = new HubException("server must answer 200, but was " + status + where);
        if (status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
            throw new TransientHubException(
                    failure, RetryAfter.of(answer.response().headers()).orElse(null));
        }
        throw failure;
    }

    private static String refusal(Target wanted, HubUrls urls, boolean tokenGiven, int status, String code) {
        String refused = wanted + " must be open to this client, but the server answered " + status;
        if (code.equals("GatedRepo")) {
            return refused + ": it is gated; accept its conditions at " + urls.page(wanted.repository())
                    + " and set HF_TOKEN to that account's token";
        }
        if (tokenGiven) {
            return refused + " to the token given: set HF_TOKEN to a token that may read it, and check its name";
        }
        return refused + ": it needs a token, so set HF_TOKEN, or does not exist, so check its name";
    }

    private static String absence(Target wanted, String code) {
        String absent = wanted + " must be on the hub, but was not found";
        return switch (code) {
            case "RevisionNotFound" -> absent + ": check the revision";
            case "RepoNotFound" -> absent + ": check the repository's name";
            default -> absent + (wanted.file() == null ? ": check the repository's name and the revision" : "");
        };
    }
}
