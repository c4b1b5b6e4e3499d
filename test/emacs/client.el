;;; client.el --- dap-mode without a screen -*- lexical-binding: t -*-
;; Debugs the program that the environment names, with a breakpoint, as somebody who works in Emacs would, and prints
;; where it stopped and what it showed.

(package-initialize)
(require 'dap-mode)
(require 'dap-ui)

(defvar client-stops 0 "Stops so far.")
(defvar client-terminated nil "Whether dap-mode takes the session to be over.")

(defun client-wait (what test)
  "Let messages come in until TEST holds; WHAT is waited for."
  (let ((end (+ (float-time) 60)))
    (while (and (not (funcall test)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless (funcall test) (error "Waited too long for %s" what))))

(defun client-move (what action)
  "Do ACTION, and wait for the stop that WHAT leads to."
  (let ((before client-stops))
    (funcall action)
    (client-wait what (lambda () (and (> client-stops before)
                                      (dap--debug-session-active-frame (dap--cur-session)))))))

(defun client-stop (what action)
  "Do ACTION, wait for the stop it leads to, and print it as WHAT."
  (client-move what action)
  (let ((frame (dap--debug-session-active-frame (dap--cur-session))))
    (princ (format "%s %s:%s\n" what (gethash "name" frame) (gethash "line" frame)))))

(defun client-back (command)
  "Ask for COMMAND, for which dap-mode has no key; what its own do first is forget the frame."
  (let ((id (dap--debug-session-thread-id (dap--cur-session))))
    (dap--resume-application (dap--cur-session))
    (client-ask command :threadId id)))

(defun client-ask (command &rest arguments)
  "The body of the response to COMMAND with ARGUMENTS."
  (let (answer)
    (dap--send-message (dap--make-request command arguments)
                       (lambda (response) (setq answer response))
                       (dap--cur-session))
    (client-wait command (lambda () answer))
    (unless (eq t (gethash "success" answer)) (error "%s: %s" command (gethash "message" answer)))
    (gethash "body" answer)))

(defun client-value (expression)
  "Print the value of EXPRESSION in the selected frame."
  (let ((id (gethash "id" (dap--debug-session-active-frame (dap--cur-session)))))
    (princ (format "%s = %s\n" expression
                   (gethash "result" (client-ask "evaluate" :expression expression :frameId id :context "repl"))))))

(add-hook 'dap-stopped-hook (lambda (_) (setq client-stops (1+ client-stops))))
(add-hook 'dap-terminated-hook (lambda (_) (setq client-terminated t)))
(dap-register-debug-provider "stepformer" #'identity)

(let* ((program (getenv "CLIENT_PROGRAM"))
       (line (string-to-number (getenv "CLIENT_LINE")))
       (thread (lambda () (dap--debug-session-thread-id (dap--cur-session)))))
  (find-file program)
  (goto-char (point-min))
  (forward-line (1- line))
  (dap-breakpoint-toggle)
  (client-stop
   "breakpoint"
   (lambda ()
     (dap-debug (list :type "stepformer" :request "launch" :name "stepformer" :program program
                      :dap-server-path (split-string (getenv "CLIENT_ADAPTER") "\n")))))
  (client-value "n")
  (client-stop "next" (lambda () (dap-next (dap--cur-session))))
  (client-value "doubled")
  (client-stop "back" (lambda () (client-back "stepBack")))
  (client-stop "out" (lambda () (dap-step-out (dap--cur-session))))
  (client-move "end" (lambda () (dap-continue (dap--cur-session) (funcall thread))))
  (princ (format "over: %s\n" client-terminated))
  (client-stop "reverse" (lambda () (client-back "reverseContinue")))
  (dap-disconnect (dap--cur-session))
  (client-wait "the end" (lambda () client-terminated))
  (princ "disconnected\n"))
;;; client.el ends here
