// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/delivery.h"
#include "core/proxy/delivery/targetlink.h"

namespace portreeve {

/// A report while its steps come in.
class TestSteps
{
public:
    void tick(const QString& name, const Message& title, const Message& what);

    /// Crossed, though deliveries can go on.
    void warn(
        const QString& name, const Message& title, const Message& what, const Message& remedy);

    /// Ticked or crossed by an outcome. @return whether it was ticked
    bool judge(const QString& name, const Message& title, const Result<void>& outcome,
        const Message& whenGood);

    TargetReport& report() { return m_report; }

private:
    TargetReport m_report;
};

/// The steps of Enterprise's own console: token, reach, sign in, namespace, what is there.
/// @return false where going on would only repeat the same failure
bool testConsole(TargetLink& link, const std::stop_token& stop, TestSteps& steps);

/// The steps of channels that write files: what is read is readable, what is written is writable,
/// markers stand where they should.
void testFiles(const TargetOptions& options, TestSteps& steps);

/// The bundle's file, or its listener's certificate, key, token and port.
/// @param listener  of a process that serves the target as it is stored; its port is no other's
void testBundle(
    const TargetLink& link, const std::optional<BundleListener>& listener, TestSteps& steps);

} // namespace portreeve
