// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/policydocument.h"

#include <QCoreApplication>

#include <functional>

namespace portreeve {

/// Where a criterion stands in a policy.
struct CriterionPath
{
    std::size_t rule = 0;
    std::size_t list = 0;
    std::size_t criterion = 0;

    friend bool operator==(const CriterionPath&, const CriterionPath&) = default;
};

/// What a builder can do to a policy, each as one undoable step. Indices must exist.
class PolicyEdits
{
    Q_DECLARE_TR_FUNCTIONS(PolicyEdits)

public:
    explicit PolicyEdits(PolicyDocument& document);

    PolicyDocument& document() const { return m_document; }

    void addRule(policy::Action action);
    void removeRule(std::size_t rule);
    void setAction(std::size_t rule, policy::Action action);

    /// Allow blocks stand before deny blocks in the text, whatever their order here.
    bool canMoveRule(std::size_t rule, int by) const;
    void moveRule(std::size_t rule, int by);

    /// The operators a block does not use yet.
    std::vector<policy::Operator> freeOperators(std::size_t rule) const;
    void addList(std::size_t rule, policy::Operator op);
    void setOperator(std::size_t rule, std::size_t list, policy::Operator op);
    void removeList(std::size_t rule, std::size_t list);

    /// One block for each section: says in the open what several sections mean anyway.
    void splitLists(std::size_t rule);

    /// @return where the new criterion stands
    CriterionPath addCriterion(std::size_t rule, std::size_t list, const QString& typeName);
    void setCriterion(const CriterionPath& path, policy::Criterion criterion);
    void removeCriterion(const CriterionPath& path);
    bool canMoveCriterion(const CriterionPath& path, int by) const;
    CriterionPath moveCriterion(const CriterionPath& path, int by);

private:
    void edit(const QString& label, const std::function<void(policy::Policy&)>& change);

    PolicyDocument& m_document;
};

} // namespace portreeve
