/**
 * Guards chatbots that are built with Spring AI, of the lines 1.1 and 2.0. {@link
 * org.donotanswer.guard.springai.SafetyAdvisor} guards the answers of a {@code ChatClient}, streamed ones included, {@link
 * org.donotanswer.guard.springai.InstructionAdvisor} what users say, and {@link
 * org.donotanswer.guard.springai.SafetyResponseEvaluator} judges answers in tests.
 *
 * <h2>Order</h2>
 * An advisor of a lower order sees a request earlier and its answer later. What guards answers is nearer to the model than the
 * chat memory, which then stores nothing but what was released; and further from it than advisors that add retrieved text, so
 * that it judges by the user's own words. What guards instructions is further out than the memory, which then never sees what
 * was blocked. The defaults do so in both lines, wherever these put the memory:
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
 * An advisor that has a memory on its wrong side refuses to work, unless told otherwise: where the memory has an order of its own,
 * give the guard one, too. Advisors nearer to the model than the guard, such as Spring AI's own logger, see what was not released.
 *
 * <p>Where a blocked answer throws, the memory keeps the question without an answer. It counts as part of the next question then,
 * unless an {@code InstructionAdvisor} notes what the user says.
 *
 * <h2>What is not judged</h2>
 * System prompts, what tools return, images and sounds, arguments of tool calls, and what a provider puts into the metadata of
 * its messages, such as its reasoning. With an answer that is blocked, none of these is handed on, and in a stream none that came
 * after what was shown.
 */
@NullMarked
package org.donotanswer.guard.springai;

import org.jspecify.annotations.NullMarked;
