package org.donotanswer.classifier.judge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.judge.Judgement.UnreadableReplyException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.internal.DaemonThreads;

/**
 * Judges exchanges by asking an LLM, with a rubric for the six actions and harmfulness, after Wang et al., "Do-Not-Answer: A
 * Dataset for Evaluating Safeguards in LLMs", arXiv 2308.13387, section 4; the rubric's words are this library's own.
 *
 * <p>A response cannot answer for the judge. It stands fenced and quoted, and a verdict counts only if it carries a token
 * that follows from the texts by a secret, so that nobody who writes a response can know it, stands where it was asked for,
 * and is the only one. A reply that repeats the response is thus no verdict. What this cannot prevent is that a weak judge
 * believes what the response tells it: the rubric forbids it, and only a better judge obeys.
 *
 * <p>A reply is JSON of a given schema. Where the endpoint rejects schemas or ignores them, the judge is asked for a tag at
 * the end of its reply. A reply that is not a verdict to the letter is {@link UnscoredReason#UNPARSED_REVIEW}; it is kept:
 * {@link #reply(Exchange)} returns it, and a {@link ReplyListener} is told of every reply. Other exchanges without a score:
 *
 * <ul>
 *   <li>{@link UnscoredReason#REVIEW_REFUSED} where the judge or the endpoint's filter declined;
 *   <li>{@link UnscoredReason#TIMEOUT} without a reply in time, and {@link UnscoredReason#EVALUATOR_UNAVAILABLE} where none
 *       came for another reason that may pass, or because the thread was interrupted, which it then still is;
 *   <li>{@link UnscoredReason#EVALUATOR_MISCONFIGURED} where the key is wrong, or the endpoint or model unknown;
 *   <li>{@link UnscoredReason#EVALUATOR_FAILURE} where the endpoint rejects the request itself.
 * </ul>
 *
 * <p>Replies are cached by SHA-256 of model, rubric, settings and both texts: in a directory, which holds replies but never
 * what was judged (a reply may quote it, though), or the last 4,096 in memory. Unreadable and refusing replies are cached,
 * too; failures are not.
 *
 * <p>Of a longer text than the limit the middle is left out, and the assessment says that it is truncated.
 *
 * <p>Thread-safe.
 */
public final class JudgeEvaluator implements SafetyEvaluator {
    private static final int IGNORED_SCHEMAS = 3;
    private static final int KEY_SHOWN = 16;

    private final ChatModel model;
    private final String name;
    private final Provenance provenance;
    private final JudgePrompt prompt;
    private final ReplyStore replies;
    private final ReplyListener listener;
    private final UsageCounter usage;
    private final ExecutorService executor;
    private final OutageDetector outage;

    /** Whether a reply to a schema was JSON, and how many were not: an endpoint may ignore schemas without a word. */
    private final AtomicBoolean schemasWork = new AtomicBoolean();

    private final AtomicInteger schemasIgnored = new AtomicInteger();
    private volatile boolean tagged;
    private volatile boolean closed;

    JudgeEvaluator(JudgeBuilder builder, ChatModel model, ReplyStore replies) {
        this.model = model;
        this.replies = replies;
        prompt = builder.prompt(model.name());
        name = builder.nameOr(model.name() + " (rubric " + Rubric.VERSION + ")");
        provenance = prompt.provenance(name);
        listener = builder.listener();
        usage = new UsageCounter(builder.prices());
        outage = new OutageDetector(builder.concurrency());
        executor = Executors.newFixedThreadPool(builder.concurrency(), DaemonThreads.numbered("dna-judge-"));
    }

    /** Returns a builder. */
    public static JudgeBuilder builder() {
        return new JudgeBuilder();
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        Objects.requireNonNull(exchange, "exchange");
        requireOpen();
        return counted(assess(exchange));
    }

    private Assessment counted(Assessment assessment) {
        if (assessment instanceof Unscored unscored) {
            usage.unscored(unscored.reason());
        }
        return assessment;
    }

    /**
     * Returns the assessments of many exchanges, in their order, several asked for at a time. Equal exchanges are asked about
     * once. Once there is a {@link #outage()}, the endpoint is not asked for the rest.
     */
    @Override
    public List<Assessment> evaluateAll(List<Exchange> exchanges) {
        Objects.requireNonNull(exchanges, "exchanges");
        requireOpen();
        List<Exchange> copy = List.copyOf(exchanges);
        AtomicBoolean blocked = new AtomicBoolean();
        Map<Exchange, Future<Assessment>> asked = new LinkedHashMap<>();
        try {
            for (Exchange exchange : copy) {
                asked.computeIfAbsent(exchange, each -> executor.submit(() -> assessUnless(blocked, each)));
            }
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("JudgeEvaluator is closed", e);
        }
        List<Assessment> assessments = new ArrayList<>(copy.size());
        for (Exchange exchange : copy) {
            assessments.add(counted(await(asked, Objects.requireNonNull(asked.get(exchange)))));
        }
        return List.copyOf(assessments);
    }

    private Assessment assessUnless(AtomicBoolean blocked, Exchange exchange) {
        Optional<ChatException> reason = outage.reason();
        if (blocked.get()
                && reason.isPresent()
                && !exchange.hasBlankResponse()
                && kept(exchange).isEmpty()) {
            return unscored(reason.get());
        }
        Assessment assessment = assess(exchange);
        if (outage.reason().isPresent()) {
            blocked.set(true);
        }
        return assessment;
    }

    /** An interrupted caller gets what is there; what is under way is interrupted, too. */
    private static Assessment await(Map<Exchange, Future<Assessment>> all, Future<Assessment> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            // From here on, every future is done or cancelled, and get() neither waits nor throws this again.
            all.values().forEach(each -> each.cancel(true));
            Thread.currentThread().interrupt();
            return interrupted();
        } catch (CancellationException e) {
            return interrupted();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("judge must answer or fail, but did neither", e);
    }

    private Assessment assess(Exchange exchange) {
        if (exchange.hasBlankResponse()) {
            return Unscored.of(UnscoredReason.EMPTY_RESPONSE, "response must have text, but was blank");
        }
        Optional<JudgeReply> kept = kept(exchange);
        if (kept.isPresent()) {
            usage.cacheHit();
            return assessment(exchange, kept.get());
        }
        try {
            JudgeReply reply = ask(exchange);
            outage.replied();
            keep(reply);
            return assessment(exchange, reply);
        } catch (ChatException e) {
            outage.failed(prompt.key(exchange), e);
            return unscored(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return interrupted();
        }
    }

    private Optional<JudgeReply> kept(Exchange exchange) {
        return replies.find(prompt.key(exchange));
    }

    private void keep(JudgeReply reply) {
        try {
            replies.keep(reply);
        } catch (IOException e) {
            // The verdict was paid for, and stands; the usage tells that it was not kept.
            usage.cacheWriteFailures();
        }
    }

    private JudgeReply ask(Exchange exchange) throws ChatException, InterruptedException {
        if (tagged) {
            return ask(exchange, ReplyFormat.TAGGED);
        }
        boolean rejected = false;
        try {
            JudgeReply reply = ask(exchange, ReplyFormat.JSON);
            boolean json = JudgementParser.isJson(reply.reply().text());
            if (json) {
                schemasWork.set(true);
            }
            if (json || !isComplete(reply)) {
                return reply;
            }
        } catch (ChatException e) {
            if (e.kind() != ChatException.FailureKind.REJECTED) {
                throw e;
            }
            rejected = true;
        }
        JudgeReply reply = ask(exchange, ReplyFormat.TAGGED);
        // Only now is it known that the schema was to blame.
        tagged = rejected || (schemasIgnored.incrementAndGet() >= IGNORED_SCHEMAS && !schemasWork.get());
        return reply;
    }

    private static boolean isComplete(JudgeReply reply) {
        return reply.reply().finish() == Finish.STOP || reply.reply().finish() == Finish.OTHER;
    }

    private JudgeReply ask(Exchange exchange, ReplyFormat form) throws ChatException, InterruptedException {
        usage.request();
        JudgeReply reply = prompt.ask(model, exchange, form);
        usage.reply(reply.reply().usage());
        listener.replied(reply);
        return reply;
    }

    private Assessment assessment(Exchange exchange, JudgeReply reply) {
        String shown = " (reply " + reply.key().substring(0, KEY_SHOWN) + ")";
        switch (reply.reply().finish()) {
            case REFUSAL, CONTENT_FILTER -> {
                return Unscored.of(UnscoredReason.REVIEW_REFUSED, "judge must give a verdict, but declined" + shown);
            }
            case LENGTH -> {
                return Unscored.of(UnscoredReason.UNPARSED_REVIEW, "reply must be complete, but was cut off" + shown);
            }
            case STOP, OTHER -> {
                try {
                    return JudgementParser.parse(reply).toAssessment(name, prompt.truncates(exchange));
                } catch (UnreadableReplyException e) {
                    return Unscored.of(UnscoredReason.UNPARSED_REVIEW, e.getMessage() + shown);
                }
            }
        }
        throw new IllegalStateException(
                "finish must be known, but was " + reply.reply().finish());
    }

    private static Unscored unscored(ChatException e) {
        String detail = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            // A status of 403 may be a filter that dislikes this one exchange.
            case AUTHENTICATION ->
                e.status().orElse(0) == OutageDetector.FORBIDDEN
                        ? unavailable(detail)
                        : Unscored.of(UnscoredReason.EVALUATOR_MISCONFIGURED, detail);
            case UNKNOWN_ENDPOINT, UNKNOWN_MODEL -> Unscored.of(UnscoredReason.EVALUATOR_MISCONFIGURED, detail);
            case RATE_LIMITED, SERVER_FAILURE, CONNECTION, MALFORMED_REPLY -> unavailable(detail);
            case TIMEOUT -> Unscored.of(UnscoredReason.TIMEOUT, detail);
            case REJECTED -> Unscored.of(UnscoredReason.EVALUATOR_FAILURE, detail);
        };
    }

    private static Unscored unavailable(String detail) {
        return Unscored.of(UnscoredReason.EVALUATOR_UNAVAILABLE, detail);
    }

    private static Unscored interrupted() {
        return unavailable("judge must be asked to the end, but was interrupted");
    }

    /** Returns the reply kept for an exchange, readable or not; empty if there is none, or memory did not hold it so long. */
    public Optional<JudgeReply> reply(Exchange exchange) {
        return kept(Objects.requireNonNull(exchange, "exchange"));
    }

    /** Returns what was asked so far, and what it took. */
    public JudgeUsage usage() {
        return usage.snapshot();
    }

    /**
     * Returns why there is no use in asking on: the endpoint does not know the key, the model or the path; it forbade each of
     * three exchanges (status 403), and replied to none; or it cannot be reached, where no reply ever came and as many
     * requests in a row found no connection as are under way at a time, at most four. Empty otherwise, and again once a reply
     * came.
     */
    public Optional<ChatException> outage() {
        return outage.reason();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Closes the chatbot, too, and interrupts what is under way. */
    @Override
    public void close() {
        closed = true;
        executor.shutdownNow();
        model.close();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("JudgeEvaluator is closed");
        }
    }
}
