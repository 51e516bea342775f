/**
 * What a release will ask of a service's traffic: how many requests, how long, how many users
 * exposed, before its gates decide. Releases are played many times over, with the gates' own tests,
 * on traffic like the service's own; nothing is sent anywhere.
 */
@NullMarked
package dev.sluice.plan;

import org.jspecify.annotations.NullMarked;
