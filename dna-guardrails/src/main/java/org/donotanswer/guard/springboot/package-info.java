/**
 * Guards chatbots in Spring Boot 3.5 and 4.1 without code: with this library, Spring AI and an evaluator on the class path, every
 * {@code ChatClient.Builder} bean gets a guard. {@link org.donotanswer.guard.springboot.GuardProperties} lists the properties; the
 * application can replace each bean with its own.
 */
@NullMarked
package org.donotanswer.guard.springboot;

import org.jspecify.annotations.NullMarked;
