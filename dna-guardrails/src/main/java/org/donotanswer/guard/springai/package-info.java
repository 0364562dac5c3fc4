/**
 * Guards for chatbots built with Spring AI 1.1 or 2.0. {@link org.donotanswer.guard.springai.SafetyAdvisor} guards the responses of
 * a {@code ChatClient}, streamed or not, {@link org.donotanswer.guard.springai.InstructionAdvisor} guards the instructions of users,
 * and {@link org.donotanswer.guard.springai.SafetyResponseEvaluator} evaluates responses in tests.
 *
 * <h2>Order</h2>
 * An advisor with a lower order sees a request earlier and its response later. A guard of responses belongs between the chat memory
 * and the model, so that the memory stores only what was released, but outside of advisors that add retrieved text, so that it
 * checks against the user's own words. A guard of instructions belongs outside of the memory, which then never sees what was blocked.
 * The default orders achieve this in both versions, although these put the memory in different places:
 *
 * <table>
 * <caption>Default orders, from {@code Ordered.HIGHEST_PRECEDENCE} on</caption>
 * <tr><th></th><th>1.1</th><th>2.0</th></tr>
 * <tr><td>{@link org.donotanswer.guard.springai.InstructionAdvisor}</td><td>100</td><td>100</td></tr>
 * <tr><td>chat memory</td><td>1000</td><td>200</td></tr>
 * <tr><td>{@link org.donotanswer.guard.springai.SafetyAdvisor}</td><td>1050</td><td>250</td></tr>
 * <tr><td>tool calls</td><td>300, if added</td><td>300</td></tr>
 * </table>
 *
 * An advisor refuses to work with a memory on its wrong side unless configured otherwise. If the memory has a custom order, give the
 * guard one as well. Advisors between the guard and the model, for example Spring AI's logger, see what was not released.
 *
 * <p>If blocked responses throw, the memory keeps the instruction without a response. It then counts as part of the next
 * instruction, unless an {@code InstructionAdvisor} records what the user says.
 *
 * <h2>What is not checked</h2>
 * System prompts, tool results, images and audio, arguments of tool calls, and message metadata of a provider, for example its
 * reasoning. If a response is blocked, none of these is passed on; in a stream, none that came after the text shown so far.
 */
@NullMarked
package org.donotanswer.guard.springai;

import org.jspecify.annotations.NullMarked;
