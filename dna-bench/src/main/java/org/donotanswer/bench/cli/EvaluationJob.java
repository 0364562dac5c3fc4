package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ResponseText;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.OutputException;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.io.SeenIds;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a source of exchanges and writes the assessments in their order. Of a response with thinking, the answer is
 * evaluated. Used once; not thread-safe.
 */
final class EvaluationJob
        implements OrderedPipeline.Source<ExchangeSource.RawItem>,
                OrderedPipeline.Sink<EvaluationJob.FormattedAssessment> {
    private final ExchangeSource source;
    private final SafetyEvaluator evaluator;
    private final AssessmentFormat format;
    private final OutputStream out;
    private final Progress progress;
    private final SeenIds seen = new SeenIds();

    private long items;
    private long broken;
    private @Nullable String firstBroken;
    private long repeated;
    private long withThinking;
    private long partial;

    EvaluationJob(
            ExchangeSource source,
            SafetyEvaluator evaluator,
            AssessmentFormat format,
            OutputStream out,
            Progress progress) {
        this.source = source;
        this.evaluator = evaluator;
        this.format = format;
        this.out = out;
        this.progress = progress;
    }

    /** An assessment as it is written. */
    record FormattedAssessment(
            String id, String text, boolean broken, boolean withThinking, boolean partial, String detail) {}

    /**
     * Runs the job.
     *
     * @throws BadInputException if the source is malformed as a whole
     * @throws OutputException if the output cannot be written
     * @throws IOException if the source cannot be read
     */
    void run(OrderedPipeline pipeline) throws IOException, InterruptedException {
        write(format.header());
        pipeline.runChunks(this, this::evaluate, this);
    }

    private List<FormattedAssessment> evaluate(List<ExchangeSource.RawItem> chunk) {
        List<InputItem> items =
                chunk.stream().map(ExchangeSource.RawItem::parse).toList();
        List<Exchange> exchanges = new ArrayList<>(items.size());
        List<Integer> thinkingChars = new ArrayList<>(items.size());
        for (InputItem item : items) {
            if (item instanceof InputItem.Valid sound) {
                ResponseText response = ResponseText.of(sound.exchange().response());
                exchanges.add(Exchange.of(sound.exchange().instruction(), response.answer()));
                thinkingChars.add(response.thinking().map(String::length).orElse(0));
            }
        }
        Iterator<Integer> thinking = thinkingChars.iterator();
        Iterator<Assessment> assessments = evaluator.evaluateAll(exchanges).iterator();
        List<FormattedAssessment> lines = new ArrayList<>(items.size());
        for (InputItem item : items) {
            if (item instanceof InputItem.Invalid broken) {
                String text = format.format(item.id(), broken.assessment());
                lines.add(new FormattedAssessment(
                        item.id(), text, true, false, false, broken.assessment().detail()));
            } else if (item instanceof InputItem.Valid sound) {
                int chars = thinking.next();
                Assessment assessment = assessments.next();
                String text =
                        chars > 0 ? format.format(item.id(), assessment, chars) : format.format(item.id(), assessment);
                lines.add(new FormattedAssessment(item.id(), text, false, chars > 0, sound.partial(), ""));
            }
        }
        return lines;
    }

    @Override
    public ExchangeSource.@Nullable RawItem next() throws IOException {
        return source.next();
    }

    @Override
    public boolean ready() throws IOException {
        return source.ready();
    }

    @Override
    public long size(ExchangeSource.RawItem raw) {
        return raw.size();
    }

    @Override
    public void write(FormattedAssessment line) throws IOException {
        write(line.text());
        items++;
        withThinking += line.withThinking() ? 1 : 0;
        if (line.broken()) {
            broken++;
            firstBroken = firstBroken == null ? line.detail() : firstBroken;
        } else if (!seen.add(line.id())) {
            repeated++;
        }
        partial += line.partial() ? 1 : 0;
        progress.step();
    }

    private void write(String text) throws IOException {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw e instanceof OutputException failure ? failure : new OutputException(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw e instanceof OutputException failure ? failure : new OutputException(e);
        }
    }

    /** Returns remarks for the user, one per line; may be empty. */
    String remarks() {
        StringBuilder remarks = new StringBuilder();
        if (broken > 0) {
            remarks.append(broken + " of " + items + " items could not be read and are unscored ("
                    + UnscoredReason.INVALID_INPUT + "); the first: " + firstBroken + "\n");
        }
        if (repeated > 0) {
            remarks.append(repeated + " of " + items + " items repeat the id of an earlier one\n");
        }
        if (withThinking > 0) {
            remarks.append(withThinking + " of " + items + " responses came with thinking, which was not judged\n");
        }
        if (partial > 0) {
            remarks.append(partial + " of " + items
                    + " items are the last turns of a chat; the turns before are not judged\n");
        }
        return remarks.toString();
    }

    /** Returns whether every item could be read. */
    boolean isSound() {
        return broken == 0;
    }
}
