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
import org.donotanswer.classifier.chat.OutageDetector;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.internal.DaemonThreads;

/**
 * Evaluates exchanges by asking an LLM ("LLM as judge"). The rubric covers the six actions and harmfulness, after Wang
 * et al., "Do-Not-Answer: A Dataset for Evaluating Safeguards in LLMs", arXiv 2308.13387, section 4; its wording is
 * this library's.
 *
 * <pre>{@code
 * try (JudgeEvaluator judge = JudgeEvaluator.of(chatModel)) {
 *     Assessment assessment = judge.evaluate(instruction, response);
 * }
 * }</pre>
 *
 * <p>A response cannot speak for the judge. It is fenced and quoted, and a reply is accepted only if it carries, in the
 * expected place and nowhere else, a token that is derived from both texts and a secret, which whoever writes a
 * response cannot know. A judge that merely repeats the response has thus not given a judgement. What this cannot
 * prevent is that a weak judge believes what the response claims: the rubric forbids it, but only a better judge obeys.
 *
 * <p>The judge is asked for JSON that follows a schema, or, where the endpoint rejects or ignores schemas, for a tag at
 * the end of its reply. A reply that is not exactly in the requested form yields
 * {@link UnscoredReason#UNPARSED_REVIEW}. It is kept all the same: {@link #reply(Exchange)} returns it, and a
 * {@link ReplyListener} receives every reply. The other reasons for an exchange without a score are
 *
 * <ul>
 *   <li>{@link UnscoredReason#EMPTY_RESPONSE}: the response is blank, and the judge was not asked;
 *   <li>{@link UnscoredReason#REVIEW_REFUSED}: the judge declined, or the endpoint's content filter intervened;
 *   <li>{@link UnscoredReason#TIMEOUT}: no reply came in time;
 *   <li>{@link UnscoredReason#EVALUATOR_UNAVAILABLE}: there was no reply for another reason that may pass, or the
 *       thread was interrupted, in which case its interrupt flag stays set;
 *   <li>{@link UnscoredReason#EVALUATOR_MISCONFIGURED}: the key is wrong, or the endpoint or the model is unknown;
 *   <li>{@link UnscoredReason#EVALUATOR_FAILURE}: the endpoint rejects the request itself.
 * </ul>
 *
 * <p>Replies are cached under a SHA-256 of the model, the rubric, the settings and both texts: the last 4,096 in
 * memory, or all of them in a directory, which holds the replies but not the exchanges (although a reply may quote
 * one). Unreadable replies and refusals are cached too; failures are not.
 *
 * <p>If a text is longer than the limit, its middle is left out, and the assessment is marked as truncated.
 *
 * <p>Thread-safe.
 */
public final class JudgeEvaluator implements SafetyEvaluator {
    /** How many replies that ignore the schema show that the endpoint does not support schemas. */
    private static final int MAX_IGNORED_SCHEMAS = 3;

    private static final int SHOWN_KEY_DIGITS = 16;
    private static final int FORBIDDEN = 403;

    private final ChatModel model;
    private final String name;
    private final Provenance provenance;
    private final JudgePrompt prompt;
    private final ReplyStore replies;
    private final ReplyListener listener;
    private final UsageCounter usage;
    private final ExecutorService executor;
    private final OutageDetector outages;

    /** Whether the endpoint ever followed a schema; some ignore schemas without an error. */
    private final AtomicBoolean schemasWork = new AtomicBoolean();

    private final AtomicInteger ignoredSchemas = new AtomicInteger();
    private volatile boolean tagged;
    private volatile boolean closed;

    JudgeEvaluator(JudgeBuilder builder, ChatModel model, ReplyStore replies) {
        this.model = model;
        this.replies = replies;
        prompt = builder.prompt(model);
        name = builder.nameOr(model.name() + " (rubric " + Rubric.VERSION + ")");
        provenance = prompt.provenance(name);
        listener = builder.listener();
        usage = new UsageCounter(builder.prices());
        outages = new OutageDetector(builder.concurrency(), false);
        executor = Executors.newFixedThreadPool(builder.concurrency(), DaemonThreads.numbered("dna-judge-"));
    }

    /**
     * Returns an evaluator with default options that asks the given model, and closes it when it is closed.
     *
     * <p>The model may be an {@code OpenAiChatModel}, or the application's own LangChain4j or Spring AI model:
     * {@code JudgeEvaluator.of(LangChain4jChatModel.of(model))},
     * {@code JudgeEvaluator.of(SpringAiChatModel.of(model))}.
     */
    public static JudgeEvaluator of(ChatModel model) {
        return builder().model(model).build(ReplyStore.inMemory());
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
     * Returns the assessments of the exchanges, in their order. Several requests are sent concurrently, but only one
     * for equal exchanges. Once there is an {@link #outage()}, the endpoint is not asked about the remaining exchanges.
     */
    @Override
    public List<Assessment> evaluateAll(List<Exchange> exchanges) {
        Objects.requireNonNull(exchanges, "exchanges");
        requireOpen();
        List<Exchange> copy = List.copyOf(exchanges);
        AtomicBoolean outageNow = new AtomicBoolean();
        Map<Exchange, Future<Assessment>> asked = new LinkedHashMap<>();
        try {
            for (Exchange exchange : copy) {
                asked.computeIfAbsent(exchange, each -> executor.submit(() -> assessUnless(outageNow, each)));
            }
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("JudgeEvaluator is closed", e);
        }
        List<Assessment> assessments = new ArrayList<>(copy.size());
        for (Exchange exchange : copy) {
            assessments.add(counted(result(asked, Objects.requireNonNull(asked.get(exchange)))));
        }
        return List.copyOf(assessments);
    }

    /** An outage from before this call is no reason not to ask: the endpoint may be back. */
    private Assessment assessUnless(AtomicBoolean outageNow, Exchange exchange) {
        Optional<ChatException> outage = outages.outage();
        if (outageNow.get()
                && outage.isPresent()
                && !exchange.hasBlankResponse()
                && kept(exchange).isEmpty()) {
            return unscored(outage.get());
        }
        Assessment assessment = assess(exchange);
        if (outages.outage().isPresent()) {
            outageNow.set(true);
        }
        return assessment;
    }

    /** Waits for an assessment. An interrupted caller gets what is done; what is not is cancelled. */
    private static Assessment result(Map<Exchange, Future<Assessment>> all, Future<Assessment> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            // From here on, every future is done or cancelled, so that get() neither waits nor throws this again.
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
                : new IllegalStateException("judge must reply or fail, but did neither", e);
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
            outages.replied();
            keep(reply);
            return assessment(exchange, reply);
        } catch (ChatException e) {
            outages.failed(prompt.key(exchange), e);
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
            // The reply has been paid for and counts; the usage reports that it is not cached.
            usage.cacheWriteFailure();
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
        // The same request passed without a schema: only now is it known that the schema was to blame.
        tagged = rejected || (ignoredSchemas.incrementAndGet() >= MAX_IGNORED_SCHEMAS && !schemasWork.get());
        return reply;
    }

    private static boolean isComplete(JudgeReply reply) {
        return reply.reply().finish() == Finish.STOP || reply.reply().finish() == Finish.OTHER;
    }

    private JudgeReply ask(Exchange exchange, ReplyFormat format) throws ChatException, InterruptedException {
        usage.request();
        JudgeReply reply = prompt.ask(model, exchange, format);
        usage.reply(reply.reply().usage());
        listener.replied(reply);
        return reply;
    }

    private Assessment assessment(Exchange exchange, JudgeReply reply) {
        String shown = " (reply " + reply.key().substring(0, SHOWN_KEY_DIGITS) + ")";
        switch (reply.reply().finish()) {
            case REFUSAL, CONTENT_FILTER -> {
                return Unscored.of(UnscoredReason.REVIEW_REFUSED, "judge must give a judgement, but declined" + shown);
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
            // A status of 403 may come from a filter that objects to this exchange only.
            case AUTHENTICATION ->
                e.status().orElse(0) == FORBIDDEN
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
        return unavailable("evaluation must run to its end, but was interrupted");
    }

    /**
     * Returns the cached reply about an exchange, readable or not; empty if there is none, or it is no longer among the
     * last 4,096 in memory.
     */
    public Optional<JudgeReply> reply(Exchange exchange) {
        return kept(Objects.requireNonNull(exchange, "exchange"));
    }

    /** Returns how much was asked so far, and what it cost. */
    public JudgeUsage usage() {
        return usage.snapshot();
    }

    /**
     * Returns why further requests are pointless, for example because the key is wrong or the endpoint cannot be
     * reached; empty if they are not. {@link OutageDetector} has the rule. The next reply ends an outage.
     */
    public Optional<ChatException> outage() {
        return outages.outage();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /** Closes the chat model and interrupts requests under way. */
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
