// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerclient.h"

#include <QByteArray>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace portreeve::test {

/// The calls that were once made of a real databroker 0.33.0 and recorded, made again of another
/// one: the double that all other tests trust, or another release. It has to be empty.
class DatabrokerReplay
{
public:
    DatabrokerReplay(const DatabrokerEndpoint& endpoint, QByteArray secret);
    ~DatabrokerReplay();
    DatabrokerReplay(const DatabrokerReplay&) = delete;
    DatabrokerReplay& operator=(const DatabrokerReplay&) = delete;

    /// One line per call.
    static QStringList recorded();

    struct Call
    {
        QString name {}; ///< what its line begins with
        std::function<QString()> answer {};
    };

    /// In the order of the recording, which they depend on.
    std::vector<Call> calls();

    /// Without what differs from run to run: versions, times, sizes, spacing.
    static QString comparable(QString line);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace portreeve::test
