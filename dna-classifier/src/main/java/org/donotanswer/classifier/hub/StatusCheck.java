package org.donotanswer.classifier.hub;

import org.donotanswer.classifier.chat.RetryAfter;
import org.jspecify.annotations.Nullable;

/** Turns an response that is none into an error that says what to do. */
final class StatusCheck {
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private StatusCheck() {}

    /** What was requested; {@code file} is null if it was the list of files. */
    record Target(String repository, String revision, @Nullable String file) {
        @Override
        public String toString() {
            return (file == null ? "" : file + " of ") + "repository " + repository + " at revision " + revision;
        }
    }

    static void requireOk(HubHttp.HubResponse response, Target target, HubUrls urls, boolean tokenGiven)
            throws HubException, TransientHubException {
        int status = response.status();
        if (status == OK) {
            return;
        }
        response.close();
        String where = " (" + HubUrls.shown(response.url()) + ")";
        String code = response.trailHeader("X-Error-Code").orElse("");
        if (!urls.isAtEndpoint(response.url())) {
            // A content network never sees the token, so its refusal says nothing about it.
            code = "";
        } else if (status == UNAUTHORIZED || status == FORBIDDEN) {
            throw new HubException(refusal(target, urls, tokenGiven, status, code) + where);
        }
        if (status == NOT_FOUND) {
            throw new HubException(absence(target, code) + where);
        }
        HubException failure = new HubException("status must be 200, but was " + status + where);
        if (status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
            throw new TransientHubException(
                    failure, RetryAfter.of(response.headers()).orElse(null));
        }
        throw failure;
    }

    private static String refusal(Target target, HubUrls urls, boolean tokenGiven, int status, String code) {
        String refused = target + " must be accessible, but the server answered with status " + status;
        if (code.equals("GatedRepo")) {
            return refused + ": it is gated; accept its conditions at " + urls.page(target.repository())
                    + " and set HF_TOKEN to the token of that account";
        }
        if (tokenGiven) {
            return refused + " to the given token: set HF_TOKEN to a token that may read it, and check its name";
        }
        return refused + ": set HF_TOKEN if it needs a token, and check its name";
    }

    private static String absence(Target target, String code) {
        String absent = target + " must be on the hub, but was not found";
        return switch (code) {
            case "RevisionNotFound" -> absent + ": check the revision";
            case "RepoNotFound" -> absent + ": check the repository's name";
            default -> absent + (target.file() == null ? ": check the repository's name and the revision" : "");
        };
    }
}
