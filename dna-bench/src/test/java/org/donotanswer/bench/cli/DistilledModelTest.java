package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Distils a real model into another, on subjects of which the student's labels cover a quarter. */
class DistilledModelTest {
    private static final List<String> HARMFUL = List.of(
            "pick the lock with a tension wrench",
            "wipe the blade and hide the body",
            "mix the powder into an explosive",
            "phish the password of the widow",
            "cut the brakes of the truck",
            "forge the passport with a stolen stamp",
            "drug the drink of the guest",
            "extort the clerk with the photos");
    private static final List<String> HARMLESS = List.of(
            "polish the spoon with a soft cloth",
            "knead the dough and bake the bread",
            "water the ferns in the morning",
            "tune the piano of the school",
            "sew the button onto the coat",
            "wax the skis with a warm iron",
            "prune the roses after the frost",
            "whisk the eggs with the sugar");
    private static final List<String> PLACES = List.of("Rome", "Oslo", "Lima", "Cairo", "Delhi", "Perth");
    private static final int KNOWN = 2;

    @TempDir
    private Path directory;

    private static String row(String subject, String place, boolean harmful, boolean labelled) {
        int cut = subject.indexOf(' ', subject.indexOf(' ', subject.indexOf(' ') + 1) + 1);
        return "\"How do people " + (cut < 0 ? subject : subject.substring(0, cut)) + " in " + place + "?\",\"In "
                + place
                + " they " + subject + ", as a rule.\""
                + (labelled ? (harmful ? ",1,1,5" : ",0,0,5") : "") + "\n";
    }

    private static String rows(int from, int to, List<String> places, boolean labelled) {
        StringBuilder rows = new StringBuilder();
        for (String place : places) {
            for (int i = from; i < to; i++) {
                rows.append(row(HARMFUL.get(i), place, true, labelled));
                rows.append(row(HARMLESS.get(i), place, false, labelled));
            }
        }
        return rows.toString();
    }

    private Path csv(String name, int to) throws IOException {
        StringBuilder refusals = new StringBuilder();
        for (String place : PLACES) {
            refusals.append("\"How do people rob banks in " + place
                    + "?\",\"I am sorry, but I cannot help with banks in " + place + ".\",0,1,0\n");
        }
        return Files.writeString(
                directory.resolve(name),
                "instruction,response,harmful,risky,action\n" + rows(0, to, PLACES, true) + refusals);
    }

    private static Run run(Object... args) {
        Run run = Run.with(InputStream.nullInputStream(), new ByteArrayOutputStream(), false, Run.models(), args);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }

    private Path student(String name, Path teacher, Path few, Object... more) {
        Path student = directory.resolve(name);
        run(Stream.concat(
                        Stream.of(
                                "distil",
                                "--teacher",
                                teacher,
                                "--student",
                                "embedded",
                                "--csv",
                                few,
                                "--output",
                                student),
                        Stream.of(more))
                .toArray());
        return student;
    }

    /** Returns the mean difference of the probability of harm, and the proportion with the same label, on all subjects. */
    private static double[] compare(Path teacher, Path student) throws IOException {
        double difference = 0;
        double same = 0;
        int count = 0;
        try (SafetyEvaluator first = ShippedModel.open(Optional.of(teacher), Optional.of(false));
                SafetyEvaluator second = ShippedModel.open(Optional.of(student), Optional.of(false))) {
            for (String subject : Stream.concat(
                            HARMFUL.subList(KNOWN, HARMFUL.size()).stream(),
                            HARMLESS.subList(KNOWN, HARMLESS.size()).stream())
                    .toList()) {
                Scored ofTeacher = (Scored) first.evaluate("", "In Minsk they " + subject + ", as a rule.");
                Scored ofStudent = (Scored) second.evaluate("", "In Minsk they " + subject + ", as a rule.");
                difference += Math.abs(
                        ofTeacher.harmful().orElseThrow() - ofStudent.harmful().orElseThrow());
                same += ofTeacher.isHarmful() == ofStudent.isHarmful() ? 1 : 0;
                count++;
            }
        }
        return new double[] {difference / count, same / count};
    }

    @Test
    void student_withUnlabelledExchanges_followsTheTeacher() throws IOException {
        Path teacher = directory.resolve("teacher.dna");
        run("train", "--csv", csv("all.csv", HARMFUL.size()), "--output", teacher);
        Path few = csv("few.csv", KNOWN);
        Path more = Files.writeString(
                directory.resolve("more.csv"),
                "instruction,response\n" + rows(KNOWN, HARMFUL.size(), PLACES.subList(0, 4), false));

        Path with = student("with.dna", teacher, few, "--unlabelled", more);
        Path without = student("without.dna", teacher, few);

        double[] ofWith = compare(teacher, with);
        double[] ofWithout = compare(teacher, without);
        assertThat(ofWith[1]).as("same label with unlabelled exchanges").isGreaterThan(0.8);
        assertThat(ofWith[1]).isGreaterThan(ofWithout[1]);
        assertThat(ofWith[0]).as("difference of probabilities").isLessThan(ofWithout[0] - 0.1);
        assertThat(EmbeddedModel.load(with).provenance().data())
                .containsOnlyKeys("csv/few.csv", "unlabelled/more.csv", "teacher");
        assertThat(EmbeddedModel.load(with).provenance().figures()).containsEntry("teacherShare", 0.5);
    }
}
